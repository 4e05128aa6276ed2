import pytest

from depesche.desk.answering import local_address
from depesche.desk.links import safe_link


@pytest.mark.parametrize(
    "address", ["https://zeitung.example/a?b=1#c", "http://zeitung.example:8080/", "https://münchen.example/straße"]
)
def test_web_addresses_become_links(address: str) -> None:
    assert safe_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//zeitung.example/",
        "/relative",
        "https://",
        "https://bank.example@evil.example/",
        "https://zeitung.example/a b",
        "https://zeitung.example/\u202egpj",
        "https://[broken/",
        "blob:https://zeitung.example/1",
    ],
)
def test_nothing_else_does(address: str | None) -> None:
    assert safe_link(address) is None


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example/desk/",
        "/\\evil.example",
        "/desk/\\..\\..\\evil",
        "/v1/briefs",
        "/desk/\r\nSet-Cookie: a=b",
        "javascript:alert(1)//desk/",
    ],
)
def test_a_login_goes_on_to_pages_of_the_desk_only(given: str | None) -> None:
    assert local_address(given, "/desk/briefs") == "/desk/briefs"


def test_a_login_goes_back_to_the_page_that_asked_for_it() -> None:
    assert local_address("/desk/briefs/1?text=a%20b", "/desk/briefs") == "/desk/briefs/1?text=a%20b"
