"""Stored cross-site scripting: nothing that an article, a model or an editor says is ever more than text on a page."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from depesche.brief import Brief
from depesche.store import Feedback, Store
from desk.parsed import tree

Keep = Callable[..., Brief]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "</textarea></title></style><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "a\u202egpj.exe\u2066\x00\x1b[31m",
)
ELEMENTS = {"script", "link", "img", "iframe", "object", "embed", "base", "meta", "style", "video", "audio"}


def poisoned(brief: Brief, poison: str) -> Brief:
    """Return a brief in which every text that is not a choice of ours is `poison`."""

    def replace(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: replace(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [replace(one, key) for one in value]
        kept = {"status", "method", "kind", "modifier", "direction", "role", "id", "schema_version", "value", "low"}
        kept |= {"high", "published", "figures", "sha256", "config_sha256", "language", "quality"}
        return value if not isinstance(value, str) or key in kept else poison

    document = replace(brief.model_dump(mode="json"))
    assert isinstance(document, dict)
    document["article"]["text"] = f"{poison} 12 {poison}\n\n{poison}"
    return Brief.model_validate(document | {"id": "hostile"})


def addresses(desk_store: Store) -> list[str]:
    parts = [("figure", 0), ("sentence", 0), ("claim", 0), ("quotation", 0)]
    reviews = [f"/desk/briefs/hostile/review/{target}/{index}" for target, index in parts]
    return ["/desk/briefs", "/desk/briefs/hostile", *reviews]


@pytest.mark.parametrize("poison", HOSTILE)
def test_a_hostile_brief_and_hostile_editors_add_no_element_and_no_handler(
    client: TestClient, kept: Keep, desk_store: Store, poison: str
) -> None:
    brief = kept()
    desk_store.briefs.add(poisoned(brief, poison))
    for number, target in enumerate(("figure", "sentence", "claim", "quotation")):
        for verdict in ("accept", "reject", "correct"):
            correction = poison + str(number) if verdict == "correct" else None
            desk_store.feedback.add(Feedback("hostile", target, 0, verdict, correction, poison, poison))  # type: ignore[arg-type]
    for address in addresses(desk_store):
        answer = client.get(address)
        assert answer.status_code == 200
        page = tree(answer.text)
        loading = [one for one in page.iter() if isinstance(one.tag, str) and one.tag in ELEMENTS]
        assert all(str(one.get("src") or one.get("href") or "/desk/").startswith("/desk/") for one in loading)
        assert not page.xpath("//img | //iframe | //svg[@onload] | //script[not(@src)] | //*[@style]")
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
        targets = page.xpath("//@href | //@src | //@action | //@formaction")
        assert all(target.startswith(("/desk/", "#", "/v1/")) for target in targets)
        assert not any(sign in answer.text for sign in "\u202e\u2066\x00\x1b")
        assert "49" not in page.xpath("string(//h1)")


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_filters_are_only_text(client: TestClient, poison: str) -> None:
    names = ("text", "status", "order", "published_from", "language", "unit", "min", "cursor", "saved", "next")
    page = tree(client.get("/desk/briefs", params=dict.fromkeys(names, poison)).text)
    assert not page.xpath("//img | //svg[@onload] | //script[not(@src)] | //@*[starts-with(name(), 'on')]")


def test_an_address_of_a_script_is_shown_but_never_a_link(client: TestClient, kept: Keep) -> None:
    brief = kept()
    article = brief.article.model_copy(update={"url": "javascript:alert(document.cookie)"})
    kept(article=article)
    page = tree(client.get(f"/desk/briefs/{brief.id}").text)
    assert not [href for href in page.xpath("//@href") if "alert" in href]
    assert "javascript:alert(document.cookie)" in page.text_content()


def test_an_address_of_the_web_is_a_link_that_tells_nothing_of_us(client: TestClient, kept: Keep) -> None:
    brief = kept()
    kept(article=brief.article.model_copy(update={"url": "https://zeitung.example/faehre"}))
    link = tree(client.get(f"/desk/briefs/{brief.id}").text).xpath("//a[starts-with(@href, 'https:')]")[0]
    assert link.get("rel") == "noopener noreferrer nofollow"
