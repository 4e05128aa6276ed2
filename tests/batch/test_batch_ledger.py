"""The ledger: what has to be done again, who gets which article, and what happens to the work of the dead."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from depesche.batch.entries import Outcome, Wanted
from depesche.batch.folder_ledger import FolderLedger, ledger_path
from depesche.batch.inputs import Item
from depesche.batch.ledger import SUSPECT
from depesche.batch.owner import Owner, is_alive, this_process
from depesche.errors import OutputFull, OutputInUse

WANTED = Wanted("settings", ("json",))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    ledger_path(tmp_path).parent.mkdir()
    return tmp_path


@pytest.fixture
def ledger(out: Path) -> Iterator[FolderLedger]:
    with FolderLedger(ledger_path(out)) as ledger:
        yield ledger


def enlisted(ledger: FolderLedger, config: str = "settings") -> str:
    owner = this_process()
    ledger.enlist(owner, config, alone=lambda: None)
    return owner.owner


def dead_owner() -> Owner:
    """Return a process that was alive when it was asked who it is, and is not any more."""
    code = (
        "from dataclasses import astuple; from depesche.batch.owner import this_process;"
        " print(*astuple(this_process()), sep=';')"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    said = out.strip().split(";")
    return Owner(said[0], said[1], said[2], int(said[3]), said[4])


def items(*names: str, stat: str = "1") -> list[tuple[Item, str]]:
    return [(Item(name, f"/articles/{name}"), stat) for name in names]


def finish(ledger: FolderLedger, owner: str, out: Path, *names: str) -> None:
    """Do all that is pending, `names` of it failing."""
    for claim in ledger.claim(owner, 100):
        name = claim.item.name
        outcome = Outcome(name, "done", content_sha256=name, config_sha256="settings", format="text", status="verified")
        if name in names:
            outcome = replace(outcome, state="failed", error_code="D105", error_text="too short", status=None)
        else:
            (out / f"{name}.json").write_text("{}")
            outcome = replace(outcome, outputs={"json": f"{name}.json"})
        ledger.record([outcome], owner)


@pytest.mark.parametrize(
    ("change", "wanted", "to_do"),
    [
        ("nothing", WANTED, set()),
        ("stat", WANTED, {"a", "bad"}),
        ("output", WANTED, {"a"}),
        ("nothing", replace(WANTED, config_sha256="other settings"), {"a", "bad"}),
        ("nothing", replace(WANTED, formats=("json", "md")), {"a"}),
        ("nothing", replace(WANTED, retry_failed=True), {"bad"}),
        ("nothing", replace(WANTED, force=True), {"a", "bad"}),
    ],
)
def test_only_what_is_new_or_changed_has_to_be_done(
    ledger: FolderLedger, out: Path, change: str, wanted: Wanted, to_do: set[str]
) -> None:
    owner = enlisted(ledger)
    assert ledger.register(items("a", "bad"), WANTED) == 2
    finish(ledger, owner, out, "bad")
    if change == "output":
        (out / "a.json").unlink()
    again = items("a", "bad", stat="2" if change == "stat" else "1")
    assert ledger.register([*again, *items("new")], wanted) == len(to_do) + 1
    assert {claim.item.name for claim in ledger.claim(owner, 100)} == {*to_do, "new"}


def test_a_forced_article_is_not_taken_for_unchanged_and_a_touched_one_may_be(ledger: FolderLedger, out: Path) -> None:
    owner = enlisted(ledger)
    ledger.register(items("a"), WANTED)
    finish(ledger, owner, out)
    ledger.register(items("a", stat="2"), WANTED)
    (touched,) = ledger.claim(owner, 1)
    assert (touched.content_sha256, touched.config_sha256, touched.outputs) == ("a", "settings", {"json": "a.json"})
    ledger.restore(["a"], owner)
    assert ledger.counts() == {"done": 1}
    ledger.register(items("a", stat="2"), replace(WANTED, force=True))
    (forced,) = ledger.claim(owner, 1)
    assert forced.content_sha256 is None


@pytest.mark.parametrize("outcome", ["done", "failed", "unchanged"])
def test_a_file_that_changes_while_its_article_is_in_flight_is_done_again_once(
    ledger: FolderLedger, out: Path, outcome: str
) -> None:
    owner = enlisted(ledger)
    ledger.register(items("a"), WANTED)
    ledger.claim(owner, 1)
    assert ledger.register(items("a"), WANTED) == 0
    assert ledger.register(items("a", stat="2"), WANTED) == 1
    assert ledger.register(items("a", stat="2"), WANTED) == 0
    if outcome == "unchanged":
        ledger.restore(["a"], owner)
    else:
        ledger.record([Outcome("a", outcome, config_sha256="settings")], owner)  # type: ignore[arg-type]
    assert ledger.counts() == {"pending": 1}
    finish(ledger, owner, out)
    assert ledger.counts() == {"done": 1}
    assert ledger.register(items("a", stat="2"), WANTED) == 0


def test_a_line_that_moves_while_it_is_in_flight_is_done_again_where_it_is(ledger: FolderLedger) -> None:
    owner = enlisted(ledger)
    ledger.register([(Item("a.jsonl/2", "/articles/a.jsonl", line=2, offset=10), "1")], WANTED)
    ledger.claim(owner, 1)
    ledger.register([(Item("a.jsonl/2", "/articles/a.jsonl", line=2, offset=20), "2")], WANTED)
    ledger.record([Outcome("a.jsonl/2", "done")], owner)
    assert [claim.item.offset for claim in ledger.claim(owner, 1)] == [20]


def test_a_gathered_ledger_is_whole_in_one_file(ledger: FolderLedger, out: Path) -> None:
    ledger.register(items("a"), WANTED)
    ledger.gather()
    (out / "copy" / ".depesche").mkdir(parents=True)
    ledger_path(out / "copy").write_bytes(ledger_path(out).read_bytes())
    with FolderLedger(ledger_path(out / "copy")) as copy:
        assert copy.counts() == {"pending": 1}


def test_a_file_that_could_not_be_read_is_tried_by_every_run(ledger: FolderLedger) -> None:
    owner = enlisted(ledger)
    ledger.register(items("a"), WANTED)
    ledger.claim(owner, 1)
    ledger.record([Outcome("a", "failed", config_sha256="settings", error_code="D109")], owner)
    assert ledger.register(items("a"), WANTED) == 1


def test_two_owners_never_get_the_same_article(ledger: FolderLedger, out: Path) -> None:
    names = [f"{n:03}" for n in range(100)]
    ledger.register(items(*names), WANTED)
    with FolderLedger(ledger_path(out)) as other:
        owners = [(ledger, enlisted(ledger)), (other, enlisted(other))]
        got = [claim.item.name for _ in range(20) for one, owner in owners for claim in one.claim(owner, 3)]
    assert sorted(got) == names


def test_an_outcome_counts_only_from_the_owner(ledger: FolderLedger) -> None:
    owner = enlisted(ledger)
    ledger.register(items("a"), WANTED)
    ledger.claim(owner, 1)
    ledger.record([Outcome("a", "done")], "somebody else")
    assert ledger.counts() == {"running": 1}


def test_what_the_dead_held_is_taken_back_and_what_the_living_hold_is_not(ledger: FolderLedger) -> None:
    owner, dead = enlisted(ledger), dead_owner()
    ledger.register(items("a", "b"), WANTED)
    (mine,) = ledger.claim(owner, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("depesche.batch.roster.is_alive", lambda *_: True)  # it was, when it enlisted
        ledger.enlist(dead, "settings", alone=lambda: None)
    (lost,) = ledger.claim(dead.owner, 1)
    assert ledger.reset_stale() == 1
    assert [claim.item.name for claim in ledger.claim(owner, 5)] == [lost.item.name]
    assert mine.item.name != lost.item.name
    assert len(ledger.owners_at_work()) == 1


def test_an_owner_on_another_machine_lives_by_its_heartbeat() -> None:
    there = replace(this_process(), host="another")
    assert is_alive(there, heartbeat=2e10)
    assert not is_alive(there, heartbeat=0)


def test_an_owner_in_another_container_lives_by_its_heartbeat_whatever_its_host_is_called() -> None:
    here = this_process()
    boot = here.boot.split()[0]
    there = replace(here, boot=f"{boot} pid:[7]", started="by another clock")
    assert is_alive(there, heartbeat=2e10)
    assert not is_alive(there, heartbeat=0)
    assert is_alive(replace(here, boot=boot), heartbeat=0), "of an earlier version, which did not note the container"


def test_a_number_of_a_process_given_anew_is_not_taken_for_the_old_one() -> None:
    here = this_process()
    assert is_alive(here, 0)
    assert not is_alive(replace(here, started="long ago"), 0)
    assert not is_alive(replace(here, boot="an earlier one"), 0)


def test_an_article_that_processes_die_with_is_worked_on_alone_in_the_end(ledger: FolderLedger) -> None:
    owner = enlisted(ledger)
    ledger.register(items("a"), WANTED)
    for _ in range(SUSPECT):
        assert [claim.item.name for claim in ledger.claim("killed", 1)] == ["a"]
        ledger.reset_stale()
    ledger.register(items("b"), WANTED)
    assert [claim.item.name for claim in ledger.claim(owner, 5)] == ["b"]
    (suspect,) = ledger.claim(owner, 5, suspects=True)
    assert (suspect.item.name, suspect.deaths) == ("a", SUSPECT)
    ledger.record([Outcome("a", "done")], owner)
    ledger.register(items("a", stat="2"), WANTED)
    (acquitted,) = ledger.claim(owner, 5)
    assert acquitted.deaths == 0


def test_another_configuration_is_kept_out_while_one_is_at_work(ledger: FolderLedger) -> None:
    owner = enlisted(ledger)
    with pytest.raises(OutputInUse, match="other settings"):
        enlisted(ledger, "other settings")
    ledger.leave(owner)
    enlisted(ledger, "other settings")


def test_twins_are_found_by_bytes_and_format(ledger: FolderLedger, out: Path) -> None:
    owner = enlisted(ledger)
    ledger.register(items("a"), WANTED)
    finish(ledger, owner, out)
    assert ledger.find_twin("a", "text", "settings") == ("a", {"json": "a.json"})
    assert ledger.find_twin("a", "markdown", "settings") is None
    assert ledger.find_twin("a", "text", "other settings") is None


def test_errors_come_by_code_with_an_example_and_rows_in_order(ledger: FolderLedger, out: Path) -> None:
    owner = enlisted(ledger)
    ledger.register(items("c", "b", "a"), WANTED)
    finish(ledger, owner, out, "b", "c")
    (group,) = ledger.errors()
    assert (group.code, group.count, group.name, group.text) == ("D105", 2, "b", "too short")
    assert [row.name for row in ledger.rows()] == ["a", "b", "c"]
    assert [row.name for row in ledger.rows("failed")] == ["b", "c"]
    assert ledger.statuses() == {"verified": 1}


def test_a_ledger_without_room_is_an_error_with_a_remedy(ledger: FolderLedger) -> None:
    @event.listens_for(ledger._file.engine, "begin")
    def limit(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 40")  # type: ignore[attr-defined]

    with pytest.raises(OutputFull, match="full") as caught:
        ledger.register(items(*(f"{n:06}" for n in range(5000))), WANTED)
    assert "run the same command again" in str(caught.value)
    assert ledger.counts() == {}


def test_what_is_no_ledger_of_ours_is_left_alone(out: Path) -> None:
    ledger_path(out).write_bytes(b"something else entirely, and long enough to be read as a header" * 40)
    with pytest.raises(OutputInUse):
        FolderLedger(ledger_path(out))
    ledger_path(out).unlink()
    with FolderLedger(ledger_path(out)) as later, later._file.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    with pytest.raises(OutputInUse, match="version 99"):
        FolderLedger(ledger_path(out))
    with pytest.raises(OutputInUse, match="no folder job"):
        FolderLedger(out / "elsewhere" / "ledger.sqlite", create=False)


def test_a_folder_name_with_signs_of_a_url_is_a_folder_name(tmp_path: Path) -> None:
    path = ledger_path(tmp_path / "what? 100% #1")
    path.parent.mkdir(parents=True)
    with FolderLedger(path):
        assert path.is_file()
