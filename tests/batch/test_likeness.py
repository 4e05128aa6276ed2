"""Articles that say nearly the same: signatures, and how a job links or skips."""

from __future__ import annotations

import json
import random

import pytest

from depesche.batch.job import run_job
from depesche.batch.likeness import ALIKE, NOTHING, sign, similarity
from depesche.batch.progress import job_progress
from depesche.batch.settings import JobSettings
from depesche.config import load_config
from depesche.errors import GenerationFailed

WORDS = [
    "harbour", "council", "ferry", "budget", "winter", "bridge", "pilot", "captain", "quay", "storm", "tender", "crane",
    "repair", "mayor", "district", "engine", "freight", "customs", "schedule", "pier", "lighthouse", "tunnel", "vessel",
]  # fmt: skip


def story(seed: int) -> list[str]:
    """Return sentences of an English article that no other seed has."""
    chance = random.Random(seed)  # noqa: S311
    return [
        f"The {chance.choice(WORDS)} of the {chance.choice(WORDS)} met the {chance.choice(WORDS)} and the "
        f"{chance.choice(WORDS)} on the {chance.choice(WORDS)} after the {chance.choice(WORDS)} had left."
        for _ in range(12)
    ]


def text(sentences: list[str]) -> str:
    return "\n\n".join(sentences) + "\n"


def test_a_text_is_like_itself_and_like_one_with_another_first_line():
    sentences = story(1)
    changed = ["The agency has put a new line before it all.", *sentences]
    assert similarity(sign(text(sentences)), sign(text(sentences))) == 1.0
    assert similarity(sign(text(sentences)), sign(text(changed))) >= ALIKE
    assert similarity(sign(text(sentences)), sign(text(story(2)))) < 0.3


@pytest.mark.parametrize("nothing", ["", " \n", "—!?"])
def test_what_has_no_words_is_like_nothing(nothing):
    assert sign(nothing) == NOTHING
    assert similarity(sign(nothing), sign(nothing)) == 0.0


def test_a_signature_is_the_same_everywhere():
    assert sign("Drei Worte mehr")[:4].hex() == sign("drei, worte: MEHR")[:4].hex()
    assert len(sign("ein Wort")) == 256


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    first = story(3)
    (folder / "a.txt").write_text(text(first))
    (folder / "b.txt").write_text(text(story(4)))
    (folder / "c.txt").write_text(text(["Here is another beginning of the same story.", *first]))
    (folder / "d.txt").write_text(text(first))
    return folder


def briefed(articles, out, key_points=5, **settings):
    config = load_config(summarize={"model": "extractive", "key_points": key_points})
    result = run_job([articles], out, config, JobSettings(**settings), job_progress(quiet=True))
    documents = {path.name: json.loads(path.read_bytes()) for path in sorted(out.glob("*.json"))}
    return result, {name: document["near_duplicate_of"] for name, document in documents.items()}


def test_a_brief_names_the_article_before_it_that_says_nearly_the_same(articles, tmp_path):
    result, near = briefed(articles, tmp_path / "out")
    assert result.exit_code == 0
    assert near == {"a.txt.json": None, "b.txt.json": None, "c.txt.json": "a.txt", "d.txt.json": "a.txt"}
    assert result.report.near_duplicates == 1  # d.txt is a copy


def test_only_the_first_is_briefed_on_demand_and_the_others_later(articles, tmp_path):
    result, near = briefed(articles, tmp_path / "out", likeness="skip")
    assert set(near) == {"a.txt.json", "b.txt.json"}
    assert result.counts == {"done": 2, "skipped": 2}
    result, near = briefed(articles, tmp_path / "out", likeness="skip")
    assert result.counts == {"done": 2, "skipped": 2}
    result, near = briefed(articles, tmp_path / "out")
    assert result.counts == {"done": 4}
    assert near["c.txt.json"] == "a.txt"


def test_what_was_skipped_is_not_counted_by_the_next_run(articles, tmp_path):
    result, _ = briefed(articles, tmp_path / "out", likeness="skip")
    assert result.here == {"done": 2, "skipped": 2}
    result, _ = briefed(articles, tmp_path / "out", likeness="skip")
    assert result.here == {}


@pytest.mark.parametrize("key_points", [5, 3])
def test_the_next_one_has_its_turn_when_the_first_changes(articles, tmp_path, key_points):
    briefed(articles, tmp_path / "out", likeness="skip")
    (articles / "a.txt").write_text(text(story(5)))
    result, near = briefed(articles, tmp_path / "out", key_points, likeness="skip")
    assert near == {"a.txt.json": None, "b.txt.json": None, "c.txt.json": None}
    assert result.counts == {"done": 3, "skipped": 1}


def test_the_next_one_has_its_turn_when_the_first_is_gone_with_its_brief(articles, tmp_path):
    briefed(articles, tmp_path / "out", likeness="skip")
    (articles / "a.txt").unlink()
    result, _ = briefed(articles, tmp_path / "out", likeness="skip")
    assert result.here == {}
    (tmp_path / "out" / "a.txt.json").unlink()
    result, near = briefed(articles, tmp_path / "out", likeness="skip")
    assert near == {"b.txt.json": None, "c.txt.json": None}
    assert result.counts == {"done": 2, "skipped": 1}


def test_the_next_one_has_its_turn_when_the_first_fails(articles, tmp_path, monkeypatch):
    def fail(pipeline, sources):
        return [
            GenerationFailed("asked to fail") if source.article.origin.name == "a.txt" else draft
            for source, draft in zip(sources, pipeline.draft(sources), strict=True)
        ]

    monkeypatch.setattr("depesche.batch.job.draft_each", fail)
    result, near = briefed(articles, tmp_path / "out", likeness="skip")
    assert result.counts == {"failed": 1, "done": 2, "skipped": 1}
    assert near == {"b.txt.json": None, "c.txt.json": None}
    result, _ = briefed(articles, tmp_path / "out", likeness="skip")
    assert result.here == {}


def test_a_link_goes_to_what_was_there_before(articles, tmp_path):
    briefed(articles, tmp_path / "out")
    (articles / "0.txt").write_text(text(["A late arrival with the smallest name.", *story(4)]))
    _, near = briefed(articles, tmp_path / "out")
    assert near["0.txt.json"] == "b.txt"
    assert near["b.txt.json"] is None


def test_a_changed_article_is_compared_anew(articles, tmp_path):
    briefed(articles, tmp_path / "out")
    (articles / "c.txt").write_text(text(story(5)))
    _, near = briefed(articles, tmp_path / "out")
    assert near["c.txt.json"] is None


def test_nothing_is_linked_where_that_is_not_wanted(articles, tmp_path):
    _, near = briefed(articles, tmp_path / "out", likeness="off")
    assert set(near.values()) == {None}
