"""The desk in a real browser, before a real service with the real translator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk.browsing import PATIENCE_OF_PAGES, Watched, served
from desk.test_desk_making import ENGLISH

LIT = "(element) => [element.classList.contains('lit'), element.classList.contains('lit-soft')]"
IN_VIEW = """(element) => {
  const pane = document.querySelector(".facing").getBoundingClientRect();
  const place = element.getBoundingClientRect();
  return place.top >= pane.top && place.bottom <= pane.bottom && place.top >= 0 && place.bottom <= innerHeight;
}"""
NOTE_STEPS = """() => new MutationObserver(() => {
  const steps = [...document.querySelectorAll("[data-step]")].map((step) => `${step.dataset.step} ${step.className}`);
  sessionStorage.steps = `${sessionStorage.steps ?? ""}${steps.join(", ")}\\n`;
}).observe(document.getElementById("course"), {subtree: true, attributeFilter: ["class"]})"""
"""Keeps what each step looked like whenever that changed: a step may be over before a test can ask for it."""
NOTE_COPIED = """() => new MutationObserver(() => {
  const says = document.getElementById("says").textContent;
  if (says.includes("Copied")) document.documentElement.dataset.copied = "";
}).observe(document.getElementById("says"), {childList: true})"""
"""Keeps that it was said, which is shown for a few seconds only."""
ARTICLE = """Fähre nach Langenau fährt wieder

Die Fähre nach Langenau fährt seit Montag wieder. Die Reparatur kostete rund 1,25 Millionen Euro, das sind 4 Prozent
mehr als geplant. „Wir sind erleichtert“, sagte Kapitänin Ute Brandt am Dienstag in Langenau. Im vergangenen Jahr
nutzten 120.000 Fahrgäste die Verbindung.
"""


def is_lit(page: Any, selector: str) -> bool:
    return any(page.locator(selector).first.evaluate(LIT))


def wait_lit(page: Any, selector: str, kind: str = "lit") -> None:
    page.wait_for_selector(f"{selector}.{kind}", state="attached")


def figure_ids(page: Any) -> list[str]:
    return [
        str(id_).removeprefix("figure-") for id_ in page.eval_on_selector_all("tr[id]", "rows => rows.map(r => r.id)")
    ]


def test_pointing_at_a_figure_lights_up_the_german_words_and_the_english_sentence(desk: Watched) -> None:
    desk.go("/desk/briefs/plain")
    desk.page.set_viewport_size({"width": 1400, "height": 420})
    for figure in figure_ids(desk.page):
        row = desk.page.locator(f"#figure-{figure}")
        row.locator("th a").hover()
        wait_lit(desk.page, f"#de-{figure}")
        sentence = row.get_attribute("data-lights")
        wait_lit(desk.page, f".translation [data-mark={sentence}]", "lit-soft")
        wait_lit(desk.page, f".original [data-mark={sentence}]", "lit-soft")
        assert desk.page.locator(f"#de-{figure}").evaluate(IN_VIEW)
        assert desk.page.locator(".original .figure.lit").count() == 1


def test_pointing_at_a_german_figure_lights_up_the_english_ones(desk: Watched) -> None:
    desk.go("/desk/briefs/plain")
    figure = figure_ids(desk.page)[0]
    desk.page.hover(f"#de-{figure}")
    wait_lit(desk.page, f"#figure-{figure}")
    wait_lit(desk.page, f"#en-{figure}")
    desk.page.hover("h1")
    desk.page.wait_for_selector(f"#en-{figure}:not(.lit)")


def test_the_focus_lights_up_as_the_pointer_does(desk: Watched) -> None:
    desk.go("/desk/briefs/plain")
    figure = figure_ids(desk.page)[-1]
    desk.page.focus(f"#figure-{figure} th a")
    wait_lit(desk.page, f"#de-{figure}")
    desk.page.focus(f"#de-{figure}")
    wait_lit(desk.page, f"#figure-{figure}")


def test_a_quotation_lights_up_its_german_and_its_sentence(desk: Watched) -> None:
    desk.go("/desk/briefs/plain")
    desk.page.hover(".speech blockquote a")
    quotation = desk.page.locator(".speech").first
    wait_lit(desk.page, f"#de-{quotation.get_attribute('data-mark')}")
    wait_lit(desk.page, f".translation [data-mark={quotation.get_attribute('data-lights')}]", "lit-soft")
    desk.page.hover(f"#de-{quotation.get_attribute('data-mark')}")
    wait_lit(desk.page, ".speech")


def test_shortcuts_go_through_the_parts_and_open_their_reviews(desk: Watched) -> None:
    desk.go("/desk/briefs/plain")
    desk.page.keyboard.press("j")
    assert desk.page.evaluate("document.activeElement.id") == "claim-0"
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("k")
    assert desk.page.evaluate("document.activeElement.id") == "claim-0"
    desk.page.keyboard.press("c")
    desk.page.wait_for_selector("dialog[open] #correction")
    assert desk.page.evaluate("document.activeElement.id") == "correction"
    assert desk.page.is_checked("dialog [value=correct]")
    desk.page.keyboard.type("jk?")
    assert desk.page.input_value("#correction").endswith("jk?")
    desk.page.keyboard.press("Escape")
    assert desk.page.locator("dialog[open]").count() == 0
    assert desk.page.evaluate("document.activeElement.id") == "claim-0"


def test_shortcuts_can_be_turned_off(desk: Watched) -> None:
    desk.go("/desk/briefs")
    desk.page.keyboard.press("?")
    desk.page.wait_for_selector("dialog[open] #shortcuts")
    desk.page.uncheck("dialog #shortcuts")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("/")
    assert desk.page.evaluate("document.activeElement.id") != "text"
    desk.page.reload()
    desk.page.keyboard.press("?")
    assert desk.page.locator("dialog[open]").count() == 0
    desk.go("/desk/help")
    assert not desk.page.is_checked("#shortcuts")
    desk.page.check("#shortcuts")
    desk.go("/desk/briefs")
    desk.page.keyboard.press("/")
    assert desk.page.evaluate("document.activeElement.id") == "text"
    desk.page.keyboard.type("j?/")
    assert desk.page.input_value("#text") == "j?/"


def test_a_review_is_given_beside_the_text(desk: Watched) -> None:
    desk.go("/desk/briefs/last")
    desk.page.click(".points li >> nth=1 >> a.review")
    desk.page.click("dialog .choice.correct")
    desk.page.fill("dialog #correction", "What it should say")
    desk.page.fill("dialog #note", "<b>house style</b>")
    desk.page.fill("dialog #editor", "Anna Berg")
    desk.page.click("dialog button.main")
    desk.page.wait_for_selector(".saved")
    assert "corrected" in desk.page.inner_text(".saved")
    link = desk.page.locator(".points li >> nth=1 >> a.review.correct")
    assert "Corrected" in link.inner_text()
    link.click()
    assert "<b>house style</b>" in desk.page.inner_text("dialog .history")
    desk.page.click("dialog .undo button")
    desk.page.wait_for_selector(".saved")
    assert desk.page.locator(".points li >> nth=1 >> a.review.correct").count() == 0


def test_a_figure_is_accepted_by_one_key(desk: Watched) -> None:
    desk.go("/desk/briefs/last")
    figure = figure_ids(desk.page)[1]
    desk.page.focus(f"#figure-{figure} th a")
    desk.page.keyboard.press("a")
    desk.page.wait_for_selector(f"#figure-{figure} a.review.accept")


def test_two_editors_do_not_overwrite_each_other_unseen(desk: Watched) -> None:
    review = "/desk/briefs/last/review/sentence/0"
    desk.go(review)
    other = desk.page.context.new_page()
    other.goto(desk.address + review)
    other.click(".choice.reject")
    other.click("button.main")
    other.wait_for_selector(".saved")
    desk.page.click(".choice.correct")
    desk.page.fill("#correction", "My own words")
    desk.page.click("button.main")
    desk.page.wait_for_selector(".fault")
    assert "D818" in desk.page.inner_text(".fault")
    assert "Rejected" in desk.page.inner_text(".history")
    assert desk.page.input_value("#correction") == "My own words"
    desk.page.click("button.main")
    desk.page.wait_for_selector(".saved")
    desk.errors.clear()  # the browser notes the answer 409 itself


def test_an_article_is_seen_through_its_stages(desk: Watched) -> None:
    desk.go("/desk/new")
    desk.page.fill("#article", "Zu kurz.")
    desk.page.click("button.main")
    desk.page.wait_for_selector("#fault .fault")
    assert "D105" in desk.page.inner_text("#fault")
    assert desk.page.input_value("#article") == "Zu kurz."
    desk.page.fill("#article", ARTICLE)
    desk.page.evaluate(NOTE_STEPS)
    desk.page.click("button.main")
    desk.page.wait_for_url("**/desk/briefs/*", timeout=120_000)
    steps = desk.page.evaluate("sessionStorage.steps").splitlines()
    assert any("read done" in step and "translate now" in step for step in steps), steps
    assert "1,25 Millionen Euro" in desk.page.inner_text(".original >> nth=1")
    assert desk.page.locator(".figures tbody tr").count() >= 3


def test_a_job_of_many_files_is_made_and_followed_to_its_end(desk: Watched, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(ENGLISH.replace("4 percent", f"{number + 4} percent"))
    (tmp_path / "short.txt").write_text("Too short.")
    desk.go("/desk/jobs")
    desk.page.set_input_files("#files", sorted(tmp_path.glob("*.txt")))
    desk.page.fill("#label", "Three & one")
    desk.page.click("#job-form button")
    desk.page.wait_for_selector("h1:has-text('Three & one')")
    desk.page.wait_for_selector(".state.done", timeout=120_000)
    assert "4 of 4 articles" in desk.page.inner_text("#job-says")
    assert desk.page.locator(".results tbody tr").count() == 4
    assert "D105" in desk.page.inner_text(".results")
    desk.page.click(".results a >> nth=0")
    assert "Rosenau" in desk.page.inner_text("h1")


def test_a_file_can_be_dropped(desk: Watched) -> None:
    desk.go("/desk/new")
    data = desk.page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['Zu kurz.'], 'kurz.txt')); return data; }"
    )
    for event in ("dragenter", "dragover", "drop"):
        desk.page.dispatch_event("#making", event, {"dataTransfer": data})
    assert desk.page.evaluate("document.getElementById('file').files[0].name") == "kurz.txt"


def test_the_brief_is_copied_as_text(desk: Watched) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.address)
    desk.go("/desk/briefs/plain")
    desk.page.evaluate(NOTE_COPIED)
    desk.page.click("[data-copy]")
    desk.page.wait_for_selector("[data-copied]", state="attached")
    assert "Ferry to Langenau" in desk.page.evaluate("navigator.clipboard.readText()")


def test_nothing_hostile_runs(desk: Watched) -> None:
    for path in ("/desk/briefs", "/desk/briefs/flagged", "/desk/briefs/flagged/review/claim/1", "/desk/briefs/last"):
        desk.go(path)
        assert desk.page.locator("img").count() == 0
    desk.go("/desk/briefs/flagged")
    desk.page.click(".figures a.review >> nth=0")
    desk.page.wait_for_selector("dialog[open] .history")
    assert desk.page.locator("dialog img").count() == 0


def test_logging_in_and_out(browser: Any, tmp_path: Path) -> None:
    with served(tmp_path, "keys") as address:
        context = browser.new_context()
        context.set_default_timeout(PATIENCE_OF_PAGES)
        page = context.new_page()
        page.goto(f"{address}/desk/briefs/plain")
        page.fill("#key", "dep_wrong")
        page.click("main button")
        assert "D801" in page.inner_text(".fault")
        page.fill("#key", (tmp_path / "key").read_text())
        page.click("main button")
        page.wait_for_selector(".english")
        assert page.url.startswith(f"{address}/desk/briefs/plain")
        assert "Anna Berg" in page.inner_text("header")
        assert page.evaluate("document.cookie") == ""
        page.click("header button")
        page.wait_for_selector("#key")
        context.close()


@pytest.mark.parametrize("path", ["/desk/briefs/plain", "/desk/new"])
def test_the_skip_link_leads_past_the_header(desk: Watched, path: str) -> None:
    desk.go(path)
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.className") == "skip"
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "main"
