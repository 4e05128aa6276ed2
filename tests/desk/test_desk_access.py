"""The desk for everybody: axe-core on every page, phone width, dark mode, print, less motion, no JavaScript."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from desk.browsing import PATIENCE_OF_PAGES, Watched, overflow, served

PAGES = (
    "/desk/briefs",
    "/desk/briefs?text=Zebra&min=5",
    "/desk/briefs?min=viel",
    "/desk/briefs/flagged",
    "/desk/briefs/plain",
    "/desk/briefs/flagged/review/claim/1",
    "/desk/briefs/flagged/review/figure/1",
    "/desk/new",
    "/desk/jobs",
    "/desk/jobs/{job}",
    "/desk/help",
    "/desk/nothing",
)


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core. The browser runs it beside the page's own policy, which would not load it."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return files(package).joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def plain_page(browser: Any, desk_address: str) -> Iterator[Watched]:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_OF_PAGES)
    yield Watched(context.new_page(), desk_address)
    context.close()


def violations(page: Any) -> list[str]:
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def check_in_every_kind(page: Any, what: str) -> None:
    """Assert that axe finds nothing, and that nothing sticks out, wide and narrow, light and dark."""
    for width, scheme in itertools.product((1400, 390), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (what, width, scheme)
        assert overflow(page) <= 0, (what, width, scheme)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_no_page_is_too_wide(plain_page: Watched, axe: str, path: str) -> None:
    plain_page.go(path.format(job=plain_page.id_of_job()) if "{job}" in path else path)
    plain_page.page.evaluate(axe)
    check_in_every_kind(plain_page.page, path)


def test_axe_would_find_a_fault(desk: Watched, axe: str) -> None:
    desk.go("/desk/help")
    desk.page.evaluate(axe)
    desk.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [one.partition(":")[0] for one in violations(desk.page)] == ["button-name"]


def test_axe_finds_nothing_where_one_logs_in(browser: Any, axe: str, tmp_path: Path) -> None:
    with served(tmp_path, "keys") as address:
        context = browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_OF_PAGES)
        page = context.new_page()
        page.goto(f"{address}/desk/briefs")
        page.evaluate(axe)
        check_in_every_kind(page, "login")
        page.fill("#key", "dep_wrong")
        page.click("main button")
        page.wait_for_selector(".fault")
        page.evaluate(axe)
        check_in_every_kind(page, "login refused")
        context.close()


def test_axe_finds_nothing_in_what_opens_and_lights_up(plain_page: Watched, axe: str) -> None:
    page = plain_page.page
    plain_page.go("/desk/briefs/flagged")
    page.evaluate(axe)
    page.focus(".figures th a")
    page.wait_for_selector(".original .lit")
    check_in_every_kind(page, "lit")
    page.click(".points a.review >> nth=0")
    page.wait_for_selector("dialog[open]")
    check_in_every_kind(page, "review")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] #shortcuts")
    check_in_every_kind(page, "help")


def test_what_screen_readers_say_names_everything(desk: Watched) -> None:
    desk.go("/desk/briefs/flagged")
    spoken = desk.page.locator("main").aria_snapshot()
    assert 'article "English brief"' in spoken
    assert 'region "German original and its translation"' in spoken
    assert 'table "Figures' in spoken
    assert "Review sentence 1" in spoken
    assert "Accept " in spoken
    unnamed = [line for line in spoken.splitlines() if line.strip() in {"- link:", "- button:", "- link", "- button"}]
    assert unnamed == []


def test_everything_can_be_reached_by_tab_in_the_order_it_is_read(desk: Watched) -> None:
    desk.go("/desk/briefs/plain")
    reached = desk.page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
          return all.filter((one) => one.checkVisibility() && one.tabIndex < 0).map((one) => one.outerHTML);
        }"""
    )
    assert reached == []


def test_without_javascript_one_can_read_search_and_have_a_word(browser: Any, desk_address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE_OF_PAGES)
    page = context.new_page()
    page.goto(f"{desk_address}/desk/briefs")
    page.fill("#text", "Langenau")
    page.select_option("#order", "newest")
    page.click("form[role=search] button")
    page.click(".what a >> nth=0")
    assert page.locator("[data-copy]").is_hidden()
    link = page.locator(".figures th a").first
    before = page.locator(".original .figure").first.evaluate("(e) => getComputedStyle(e).backgroundColor")
    link.click()
    target = page.locator(".original .figure:target")
    assert target.evaluate("(e) => getComputedStyle(e).backgroundColor") != before
    page.click(".points a.review >> nth=0")
    page.check("[name=verdict][value=reject]", force=True)
    page.fill("#note", "no script here")
    page.click("button.main")
    assert "rejected" in page.inner_text(".saved")
    page.goto(f"{desk_address}/desk/new")
    page.fill("#article", "Zu kurz.")
    page.click("button.main")
    assert "D105" in page.inner_text(".fault")
    context.close()


def test_print_shows_the_brief_and_all_of_the_original(desk: Watched) -> None:
    desk.go("/desk/briefs/flagged")
    desk.page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".top", ".neighbours", ".review >> nth=0", ".take"):
        assert desk.page.locator(hidden).first.is_hidden()
    assert desk.page.evaluate("getComputedStyle(document.querySelector('.facing')).maxHeight") == "none"
    assert desk.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert desk.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize(("motion", "animation"), [("reduce", "none"), ("no-preference", "turn")])
def test_motion_is_spared_those_who_ask_for_that(desk: Watched, motion: str, animation: str) -> None:
    desk.page.emulate_media(reduced_motion=motion)
    desk.go("/desk/new")
    desk.page.evaluate(
        "() => { document.getElementById('course').hidden = false;"
        " document.querySelector('[data-step=read]').className = 'now'; }"
    )
    icon = "getComputedStyle(document.querySelector('[data-step=read] .icon')).animationName"
    assert desk.page.evaluate(icon) == animation


def test_what_needs_attention_is_told_by_more_than_colour(desk: Watched) -> None:
    desk.go("/desk/briefs/flagged")
    for badge in desk.page.locator(".badge").all():
        assert badge.inner_text().strip() in {"Verified", "Repaired", "Flagged"}
        assert badge.locator("svg").count() == 1
    assert desk.page.locator(".reason").first.inner_text().count(":") >= 1
