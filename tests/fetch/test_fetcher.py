"""Fetching over real connections: the checks hold at every hop, and nothing endless gets in."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from depesche.config import Config, FetchConfig
from depesche.errors import AddressRefused, DepescheError, FetchDisabled, FetchFailed, FetchTooLarge
from depesche.fetch import Fetcher, fetch_article
from fetch.local_site import Names, Page, Site, fetcher_for, serving

HTML = {"text/html"}


def failure(fetcher: Fetcher, url: str, kind: type[DepescheError]) -> str:
    with pytest.raises(kind) as raised:
        fetcher.fetch(url, HTML)
    return str(raised.value)


def test_fetching_is_off_unless_the_setting_says_otherwise() -> None:
    with pytest.raises(FetchDisabled):
        fetch_article("https://zeitung.example/", Config())


def test_a_page_is_fetched_under_its_name_and_from_the_checked_address(site: Site) -> None:
    site.pages["/artikel?id=1"] = Page("Grüße".encode(), media_type="Text/HTML; charset=utf-8")
    answer = fetcher_for(site).fetch(site.url("/artikel?id=1#absatz"), HTML)
    assert (answer.data.decode(), answer.media_type, answer.status) == ("Grüße", "text/html", 200)
    [(path, headers)] = site.asked
    assert path == "/artikel?id=1"
    assert headers["host"] == f"zeitung.example:{site.port}"
    assert headers["user-agent"].startswith("depesche/")
    assert "cookie" not in headers


def test_what_is_fetched_is_ready_for_ingest(site: Site) -> None:
    site.pages["/a"] = Page(b"<p>Hallo</p>")
    site.pages["/b"] = Page(b"Hallo", media_type=None)
    config = Config(fetch=FetchConfig(enabled=True))
    fetched = fetch_article(site.url("/a"), config, fetcher_for(site))
    assert fetched == (b"<p>Hallo</p>", site.url("/a"), "html")
    assert fetch_article(site.url("/b"), config, fetcher_for(site)).format is None


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1"])
def test_a_name_that_leads_inside_is_refused_without_a_connection(site: Site, address: str) -> None:
    guarded = Fetcher(FetchConfig(enabled=True), resolver=Names({"zeitung.example": [address]}))
    assert "DA02" in failure(guarded, "http://zeitung.example/", AddressRefused)
    assert site.asked == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost.", "127.0.0.1."])
def test_the_real_resolver_does_not_lead_to_this_machine(host: str) -> None:
    failure(Fetcher(FetchConfig(enabled=True)), f"http://{host}/", AddressRefused)


def test_one_address_inside_is_reason_enough(site: Site) -> None:
    mixed = Names({"zeitung.example": ["127.0.0.1", "192.168.0.1"]})
    failure(fetcher_for(site, names=mixed), site.url(), AddressRefused)
    assert site.asked == []


def test_a_refusal_does_not_tell_the_address_inside(site: Site) -> None:
    names = Names({"intern.example": ["10.20.30.40"]})
    assert "10.20.30.40" not in failure(fetcher_for(site, names=names), "http://intern.example/", AddressRefused)


def test_a_name_that_changes_its_mind_changes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is checked, a second would lead elsewhere, and nobody asks for it."""

    class Rebinding(Names):
        async def __call__(self, host: str, port: int) -> list[object]:  # type: ignore[override]
            self.names = {host: ["127.0.0.1" if not self.asked else "127.0.0.66"]}
            return list(await super().__call__(host, port))

    def no_lookup(host: object, *_: object, **__: object) -> list[object]:
        if host in {"127.0.0.1", b"127.0.0.1"}:  # what asyncio does with an address; no name goes out
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.port))]
        raise AssertionError(f"{host!r} was looked up again")

    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
    site.pages["/"] = Page(b"erste Antwort")
    names = Rebinding({})
    assert fetcher_for(site, names=names).fetch(site.url(), HTML).data == b"erste Antwort"
    assert names.asked == ["zeitung.example"]


def test_the_next_address_is_tried_where_the_first_does_not_listen(site: Site) -> None:
    site.pages["/"] = Page(b"da")
    names = Names({"zeitung.example": ["127.0.0.2", "127.0.0.1"]})
    assert fetcher_for(site, names=names).fetch(site.url(), HTML).data == b"da"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "//intern.example/",
        "http://intern.example/",
        "http://[::1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://redakteur:geheim@zeitung.example/",
        "https://zeitung.example:22/",
    ],
)
def test_a_redirect_inside_is_refused(site: Site, target: str) -> None:
    site.pages["/"] = Page(status=302, headers={"Location": target})
    names = {"intern.example": ["10.0.0.1"]}
    assert "geheim" not in failure(fetcher_for(site, names=names), site.url(), AddressRefused)


def test_redirects_are_followed_and_each_name_is_checked(site: Site) -> None:
    site.pages["/alt"] = Page(status=301, headers={"Location": "neu"})
    site.pages["/neu"] = Page(status=307, headers={"Location": site.url("/ziel", host="www.zeitung.example")})
    site.pages["/ziel"] = Page(b"angekommen")
    names = Names({"zeitung.example": ["127.0.0.1"], "www.zeitung.example": ["127.0.0.1"]})
    answer = fetcher_for(site, names=names).fetch(site.url("/alt"), HTML)
    assert answer.data == b"angekommen"
    assert answer.url == site.url("/ziel", host="www.zeitung.example")
    assert names.asked == ["zeitung.example", "zeitung.example", "www.zeitung.example"]


def test_redirects_end(site: Site) -> None:
    site.pages["/"] = Page(status=302, headers={"Location": "/"})
    assert "redirects" in failure(fetcher_for(site, redirects=3), site.url(), FetchFailed)
    assert len(site.asked) == 4


def test_cookies_and_headers_of_an_answer_do_not_travel(site: Site) -> None:
    site.pages["/"] = Page(status=302, headers={"Location": "/b", "Set-Cookie": "a=b; Path=/"})
    site.pages["/b"] = Page(b"ohne")
    fetcher_for(site).fetch(site.url(), HTML)
    assert "cookie" not in site.asked[1][1]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    site.pages["/"] = Page(b"gerade Leitung")
    with serving() as proxy:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetcher_for(site).fetch(site.url(), HTML).data == b"gerade Leitung"
        assert proxy.asked == []


def test_a_body_over_the_limit_is_refused_by_its_length_and_while_it_comes(site: Site) -> None:
    site.pages["/says"] = Page(b"x" * 2000, headers={"Content-Length": "2000"})
    site.pages["/does"] = Page(b"x" * 2000)
    site.pages["/fits"] = Page(b"x" * 1000)
    fetcher = fetcher_for(site, max_bytes=1000)
    failure(fetcher, site.url("/says"), FetchTooLarge)
    failure(fetcher, site.url("/does"), FetchTooLarge)
    assert len(fetcher.fetch(site.url("/fits"), HTML).data) == 1000


def test_a_decompression_bomb_is_stopped_at_the_limit(site: Site) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    site.pages["/"] = Page(bomb, headers={"Content-Encoding": "gzip"})
    failure(fetcher_for(site, max_bytes=100_000), site.url(), FetchTooLarge)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"abgebrochen" * 50)[:-12], "gzip"),
        (b"kein gzip", "gzip"),
        (gzip.compress(b"eins") + gzip.compress(b"zwei"), "gzip"),
        (gzip.compress(gzip.compress(b"doppelt")), "gzip, gzip"),
        (b"br", "br"),
    ],
    ids=["cut off", "none", "two members", "twice", "unknown"],  # what gzip makes has the time in it
)
def test_broken_or_unasked_compression_is_an_error(site: Site, body: bytes, encoding: str) -> None:
    site.pages["/"] = Page(body, headers={"Content-Encoding": encoding})
    failure(fetcher_for(site), site.url(), FetchFailed)


def test_gzip_is_decompressed(site: Site) -> None:
    site.pages["/"] = Page(gzip.compress("Straße".encode() * 9), headers={"Content-Encoding": "gzip"})
    assert fetcher_for(site).fetch(site.url(), HTML).data.decode() == "Straße" * 9


def test_a_server_that_never_ends_is_left_when_time_is_over(site: Site) -> None:
    never = threading.Event()
    site.pages["/"] = Page(b"x" * 100, stall=never)
    try:
        assert "0.3 s" in failure(fetcher_for(site, seconds=0.3), site.url(), FetchFailed)
    finally:
        never.set()


def test_a_resolver_that_never_answers_is_left_when_time_is_over(site: Site) -> None:
    import anyio

    async def silent(host: str, port: int) -> list[object]:
        await anyio.sleep_forever()
        return []

    guarded = Fetcher(FetchConfig(enabled=True, seconds=0.2), resolver=silent)  # type: ignore[arg-type]
    failure(guarded, "http://zeitung.example/", FetchFailed)


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "text/html-sandboxed", "video/mp4; x=y"])
def test_other_types_are_refused(site: Site, media_type: str) -> None:
    site.pages["/"] = Page(b"x", media_type=media_type)
    assert media_type.partition(";")[0] in failure(fetcher_for(site), site.url(), FetchFailed)


@pytest.mark.parametrize("status", [204, 304, 400, 401, 404, 410, 429, 500, 503])
def test_answers_that_are_no_page_are_errors(site: Site, status: int) -> None:
    site.pages["/"] = Page(b"", status=status)
    assert str(status) in failure(fetcher_for(site), site.url(), FetchFailed)


def test_a_conditional_request_may_be_answered_by_nothing_new(site: Site) -> None:
    site.pages["/"] = Page(b"", status=304)
    answer = fetcher_for(site).fetch(site.url(), HTML, {"If-None-Match": '"1"'})
    assert (answer.status, answer.data) == (304, b"")
    assert site.asked[0][1]["if-none-match"] == '"1"'


def test_what_does_not_speak_http_is_an_error_and_not_echoed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"-ERR geheime Datenbank\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        site = Site("127.0.0.1", listener.getsockname()[1])
        message = failure(fetcher_for(site), site.url(), FetchFailed)
        thread.join()
    assert "geheim" not in message


def test_an_unknown_name_is_an_error(site: Site) -> None:
    assert "no such host" in failure(fetcher_for(site), site.url(host="gibt.es.nicht.example"), FetchFailed)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def secure_site(authority: trustme.CA) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("zeitung.example").configure_cert(context)
    with serving(tls=context) as site:
        site.pages["/"] = Page(b"sicher")
        yield site


def test_the_certificate_is_checked_for_the_name_not_the_address(secure_site: Site, trusting: ssl.SSLContext) -> None:
    fetcher = fetcher_for(secure_site, tls=trusting, names={"andere.example": ["127.0.0.1"]})
    assert fetcher.fetch(secure_site.url(scheme="https"), HTML).data == b"sicher"
    assert fetcher.fetch(secure_site.url(host="zeitung.example.", scheme="https"), HTML).data == b"sicher"
    failure(fetcher, secure_site.url(host="andere.example", scheme="https"), FetchFailed)
    failure(fetcher, secure_site.url(host="127.0.0.1", scheme="https"), FetchFailed)


def test_a_certificate_of_nobody_is_refused(secure_site: Site) -> None:
    failure(fetcher_for(secure_site), secure_site.url(scheme="https"), FetchFailed)
