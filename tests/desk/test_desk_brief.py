import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from depesche.brief import Brief
from depesche.desk.pages import say_place
from depesche.desk.reading import make_reading
from depesche.render import render
from desk.parsed import of_class, title_of, tree, words

Keep = Callable[..., Brief]


def test_the_page_shows_the_german_character_by_character(client: TestClient, kept: Keep) -> None:
    brief = kept()
    page = tree(client.get(f"/desk/briefs/{brief.id}").text)
    german = [element.text_content() for element in page.find_class("original")]
    assert "\n\n".join(german) == brief.article.text


def test_every_figure_lights_up_german_and_english(client: TestClient, kept: Keep) -> None:
    brief = kept()
    page = tree(client.get(f"/desk/briefs/{brief.id}").text)
    for figure in brief.figures:
        marked = page.xpath(f"//*[@data-mark='{figure.id}']")
        assert [one.text_content() for one in marked if one.get("id") == f"de-{figure.id}"] == [figure.german]
        row = page.get_element_by_id(f"figure-{figure.id}")
        assert row.get("data-lights") == f"s{figure.sentence}"
        english = page.xpath(f"//p[@id='en-s{figure.sentence}']//*[@data-mark='s{figure.sentence}']")
        assert [words(one) for one in english] == [figure.english_sentence]


def test_links_inside_the_page_lead_somewhere(client: TestClient, kept: Keep) -> None:
    page = tree(client.get(f"/desk/briefs/{kept().id}").text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in page.xpath("//a/@href") if target.startswith("#")} <= set(ids)


def test_quotations_stand_with_their_speaker_and_german(client: TestClient, kept: Keep) -> None:
    speech = of_class(client.get(f"/desk/briefs/{kept().id}").text, "speech")
    assert len(speech) == 1
    assert "Brandt" in speech[0]
    assert "„Wir sind erleichtert“" in speech[0]


def test_what_is_flagged_says_why_in_words(client: TestClient, kept: Keep) -> None:
    brief = kept()
    attempts = ({"method": "model", "text": "The ferry is gone.", "findings": ("name_lost: Langenau is lost",)},)
    document = brief.model_dump(mode="json")
    document["sentences"][1] |= {"status": "flagged", "findings": attempts[0]["findings"], "attempts": attempts}
    document["warnings"] = [
        {"code": "name_lost", "detail": "Langenau is lost", "place": "sentence[1]", "span": None},
        {"code": "instruction_in_text", "detail": "It gives orders", "place": "article", "span": None},
    ]
    changed = Brief.model_validate(document)
    kept(**{name: getattr(changed, name) for name in ("sentences", "warnings")})
    page = client.get(f"/desk/briefs/{brief.id}").text
    line = tree(page).get_element_by_id("en-s1")
    assert "Flagged Name lost: Langenau is lost" in words(line)
    mended = of_class(page, "mended")[0]
    assert "Sentence 2" in mended
    assert "“The ferry is gone.”" not in mended  # the quotation marks are the style's
    assert "The ferry is gone." in mended
    assert of_class(page, "warnings") == ["Article: Instruction in text: It gives orders"]


@pytest.mark.parametrize(
    ("format", "ending", "media_type"),
    [
        ("json", "json", "application/json"),
        ("md", "md", "text/markdown"),
        ("html", "html", "text/html"),
        ("text", "txt", "text/plain"),
    ],
)
def test_a_brief_can_be_taken_along(
    client: TestClient,
    kept: Keep,
    format: str,  # noqa: A002
    ending: str,
    media_type: str,
) -> None:
    brief = kept()
    answer = client.get(f"/desk/briefs/{brief.id}/download", params={"format": format})
    assert answer.text == render(brief, format)  # type: ignore[arg-type]
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="brief-{brief.id}.{ending}"'


@pytest.mark.parametrize(
    "path", ["/desk/briefs/unknown", "/desk/briefs/%00", "/desk/briefs/unknown/download", "/desk/nothing/here"]
)
def test_what_is_not_there_is_a_page_that_says_so(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert title_of(answer.text) == "Not found"
    assert "D808" in of_class(answer.text, "fault")[0]


def test_neighbours_are_those_of_the_list(client: TestClient, kept: Keep) -> None:
    for name in ("one", "two", "three"):
        kept(id=name)
    page = tree(client.get("/desk/briefs/two?order=newest&text=Fähre").text)
    suffix = "?text=F%C3%A4hre&order=newest"
    assert page.xpath("//a[@rel='prev']/@href") == [f"/desk/briefs/three{suffix}"]
    assert page.xpath("//a[@rel='next']/@href") == [f"/desk/briefs/one{suffix}"]


def test_pages_hold_to_the_strict_policy(client: TestClient, kept: Keep) -> None:
    brief = kept()
    for address in (
        "/desk/briefs",
        f"/desk/briefs/{brief.id}",
        f"/desk/briefs/{brief.id}/review/claim/0",
        "/desk/new",
        "/desk/help",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["referrer-policy"] == "same-origin"
        page = tree(answer.text)
        assert not page.xpath("//style | //*[@style] | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
        loaded = page.xpath("//script/@src | //link/@href | //img/@src | //form/@action")
        assert all(address.startswith("/desk/") for address in loaded)


def test_static_files_are_kept_for_good_under_an_address_of_their_content(client: TestClient) -> None:
    page = client.get("/desk/help").text
    addresses = re.findall(r'"(/desk/static/[^"]+)"', page)
    assert len(addresses) == 3
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get("/desk/static/000000000000/desk.css").status_code == 404
    assert client.get("/desk/static/..%2fpages.py").status_code == 404


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("headline", "Headline"),
        ("summary[0]", "Summary, sentence 1"),
        ("key_points[2]", "Key point 3"),
        ("sentence[7]", "Sentence 8"),
        ("article", "Article"),
        ("summary[", "Summary["),
        ("anything[x]", "Anything[x]"),
    ],
)
def test_places_are_said_as_people_count(place: str, said: str) -> None:
    assert say_place(place) == said


def test_a_reading_survives_spans_that_make_no_sense(kept: Keep) -> None:
    document = kept().model_dump(mode="json")
    for number, span in enumerate(({"start": 9, "end": 2}, {"start": 900, "end": 9000})):
        document["figures"][number]["span"] = span
    document["headline"]["figures"] = ["f_unknown"]
    reading = make_reading(Brief.model_validate(document), [])
    assert len(reading.figures) == len(document["figures"])
