"""Who may do what: keys, scopes, hosts, origins, rate limits; and that no answer lacks the headers of safety."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.conftest import ENGLISH, TEXT, Connected
from depesche.api.limits import RateLimiter, network_of
from depesche.api.security import check_keys, keys_required
from depesche.config import ServeConfig
from depesche.errors import NoKeys, RateLimited
from depesche.store import Store


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def test_without_a_key_nothing_is_answered_but_probes(run: Connected, store: Store) -> None:
    store.keys.add("any", ["brief"])

    async def check(client: httpx.AsyncClient) -> None:
        for method, path in (
            ("POST", "/v1/briefs"),
            ("GET", "/v1/briefs"),
            ("DELETE", f"/v1/briefs/{'0' * 32}"),
            ("GET", "/v1/models"),
            ("GET", "/v1/feedback"),
            ("POST", "/v1/detect"),
            ("GET", "/metrics"),
        ):
            for headers in ({}, bearer("dep_aaaaaaaa_" + "a" * 43), bearer(""), {"x-api-key": "ä".encode("latin-1")}):
                answer = await client.request(method, path, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (401, "D801"), path
                assert answer.headers["www-authenticate"] == 'Bearer realm="depesche"'
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200

    run(check, keys="required")


def test_a_key_opens_what_its_scopes_say(run: Connected, store: Store) -> None:
    _, reader = store.keys.add("reader", ["read"])
    _, maker = store.keys.add("maker", ["brief"])

    async def check(client: httpx.AsyncClient) -> None:
        made = await client.post("/v1/briefs", content=ENGLISH.encode(), headers={**TEXT, **bearer(maker)})
        assert made.status_code == 200, made.text
        path = f"/v1/briefs/{made.json()['id']}"
        assert (await client.get(path, headers=bearer(reader))).status_code == 200
        assert (await client.get(path, headers={"X-API-Key": reader})).status_code == 200
        for refused in (
            await client.get(path, headers=bearer(maker)),
            await client.delete(path, headers=bearer(reader)),
            await client.get("/metrics", headers=bearer(reader)),
            await client.post("/v1/briefs", content=ENGLISH.encode(), headers={**TEXT, **bearer(reader)}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "D802")
        store.keys.revoke("reader")
        assert (await client.get(path, headers=bearer(reader))).status_code == 401

    run(check, keys="required")


def test_who_tries_many_keys_is_not_heard_for_a_while(run: Connected, store: Store) -> None:
    _, secret = store.keys.add("reader", ["read"])

    async def check(client: httpx.AsyncClient) -> None:
        client.app.state.services.failures._clock = lambda: 0.0  # type: ignore[attr-defined]
        codes = [(await client.get("/v1/briefs", headers=bearer(f"wrong {n}"))).status_code for n in range(32)]
        assert codes == [401] * 30 + [429] * 2
        assert (await client.get("/v1/briefs", headers=bearer(secret))).status_code == 429

    run(check, keys="required")


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
        ({"keys": "required"}, True),
        ({"host": "0.0.0.0"}, True),  # noqa: S104
        ({"host": "192.168.1.7"}, True),
        ({"host": "news.example"}, True),
    ],
)
def test_keys_are_needed_wherever_others_can_reach_the_service(
    settings: dict[str, Any], needed: bool, store: Store
) -> None:
    config = ServeConfig(**settings)
    assert keys_required(config) is needed
    if not needed:
        check_keys(config, store)
        return
    with pytest.raises(NoKeys) as refused:
        check_keys(config, store)
    assert "depesche keys add" in (refused.value.remedy or "")
    key, _ = store.keys.add("first", ["brief"])
    check_keys(config, store)
    store.keys.revoke(key.name)
    with pytest.raises(NoKeys):
        check_keys(config, store)


def test_without_keys_only_loopback_names_are_answered(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for host in ("localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"):
            assert (await client.get("/v1/briefs", headers={"host": host})).status_code == 200, host
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "", "[::1", "192.168.0.1"):
            answer = await client.get("/v1/briefs", headers={"host": host})
            assert (answer.status_code, answer.json()["code"]) == (421, "D815"), host
        assert (await client.get("/livez", headers={"host": "10.1.2.3:8000"})).status_code == 200

    run(check)


def test_a_host_that_is_named_in_the_settings_is_answered(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        assert (await client.get("/v1/briefs", headers={"host": "news.example"})).status_code == 200

    run(check, hosts=("news.example",))


def test_a_page_of_another_origin_changes_nothing(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for origin in ("https://evil.example", "null", "http://localhost:1", "", "http://[::1"):
            answer = await client.post("/v1/detect", content=b"Das ist es.", headers={**TEXT, "origin": origin})
            assert (answer.status_code, answer.json()["code"]) == (403, "D816"), origin
        own = await client.post("/v1/detect", content=b"Das ist es.", headers={**TEXT, "origin": "http://localhost"})
        assert own.status_code == 200
        other = await client.get("/v1/briefs", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers  # so that its script cannot read the answer

    run(check)


def test_an_origin_that_is_named_in_the_settings_may_call(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        origin = "https://desk.example"
        answer = await client.post("/v1/detect", content=b"Das ist es.", headers={**TEXT, "origin": origin})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)
        preflight = {"origin": origin, "access-control-request-method": "POST"}
        assert (await client.options("/v1/briefs", headers=preflight)).status_code == 200
        assert (
            await client.options("/v1/briefs", headers={**preflight, "origin": "https://x.example"})
        ).status_code == 400

    run(check, cors_origins=("https://desk.example",))


def test_every_answer_has_the_headers_of_safety(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for answer in (
            await client.get("/livez"),
            await client.get("/docs"),
            await client.get("/nothing"),
            await client.put("/v1/briefs"),
            await client.get("/v1/briefs", headers={"host": "evil.example"}),
            await client.post("/v1/briefs", content=b"kurz", headers=TEXT),
            await client.post("/v1/briefs?format=html", content=ENGLISH.encode(), headers=TEXT),
        ):
            assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "server" not in answer.headers

    run(check)


def test_an_article_of_markup_is_no_markup_in_the_answer(run: Connected) -> None:
    hostile = ENGLISH.replace("Tuesday", "<script>alert(1)</script><img src=x onerror=alert(2)>Tuesday")

    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/briefs?format=html", content=hostile.encode(), headers=TEXT)
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "<img" not in answer.text

    run(check)


def test_more_requests_than_the_limit_are_told_when_to_come_again(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answers = [await client.get("/v1/briefs") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"default";q=3;w=90'
        assert answers[2].headers["ratelimit"].startswith('"default";r=0;')
        assert answers[3].json()["code"] == "D803"
        assert 1 <= int(answers[3].headers["retry-after"]) <= 30
        assert (await client.get("/readyz")).status_code == 200

    run(check, rate_per_minute=2, rate_burst=3)


def test_a_bucket_fills_again_and_buckets_are_bounded() -> None:
    now = [0.0]
    limiter = RateLimiter(60, 2, clock=lambda: now[0])
    limiter.take("a")
    limiter.take("a")
    with pytest.raises(RateLimited) as refused:
        limiter.take("a")
    assert refused.value.retry_after == 1
    limiter.take("b")
    now[0] = 1.0
    limiter.take("a")
    for n in range(10_100):
        limiter.take(str(n))
    assert len(limiter._buckets) == 10_000
    assert RateLimiter(0, 1).take("a") == {}


def test_addresses_of_one_client_are_one() -> None:
    assert network_of("2001:db8:1:2:3::1") == network_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("testclient") == "testclient"
