"""Which addresses and URLs are refused before anything is connected."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.errors import AddressRefused
from depesche.fetch.addresses import refusal
from depesche.fetch.location import located


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nothing is bound to it
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",  # metadata of Alibaba's cloud
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",  # the "wire server" of Azure
        "169.254.169.254",  # metadata of most clouds
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",  # metadata of Oracle's cloud
        "192.0.2.1",
        "192.88.99.1",
        "192.168.178.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",  # IPv4-compatible, deprecated
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "64:ff9b::192.168.0.1",
        "64:ff9b:1::8.8.8.8",  # NAT64 of a network's own
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2002:808:808::1",  # 6to4 of 8.8.8.8
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",  # metadata of AWS
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert refusal(ip_address(address)) is not None


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "193.99.144.85",
        "172.32.0.1",
        "100.128.0.1",
        "2a02:2e0:3fe:1001:7777:772e:2:85",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert refusal(ip_address(address)) is None


def test_settings_can_refuse_more() -> None:
    own = [ip_network("193.99.144.0/24"), ip_network("2a02:2e0::/32")]
    assert refusal(ip_address("193.99.144.85"), own) == "refused by the settings"
    assert refusal(ip_address("::ffff:193.99.144.85"), own) == "refused by the settings"
    assert refusal(ip_address("2a02:2e0::1"), own) == "refused by the settings"
    assert refusal(ip_address("193.99.145.85"), own) is None


@given(st.ip_addresses(v=4))
def test_whatever_python_calls_not_global_is_refused(address: IPv4Address) -> None:
    """Python's own table is a second opinion: we refuse all that it does, but for what IANA lists as reachable."""
    if not address.is_global or address.is_multicast:
        assert refusal(address) is not None


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_that_may_be_asked_is_global_unicast(address: IPv6Address) -> None:
    if refusal(address) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_an_address_in_another_dress_is_judged_as_itself(address: IPv4Address) -> None:
    for prefix in ("::ffff:", "64:ff9b::"):
        assert refusal(ip_address(f"{prefix}{address}")) == refusal(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://zeitung.example/",
        "file:///etc/passwd",
        "gopher://zeitung.example/",
        "javascript:alert(1)",
        "data:text/html,hallo",
        "//zeitung.example/",
        "zeitung.example",
        "",
        "http://",
        "http:///artikel",
        "http://redakteur:geheim@zeitung.example/",
        "http://redakteur@zeitung.example/",
        "http://zeitung.example\\@127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://1.2.3.4.5/",
        "http://zeitung.0x7f/",
        "http://zeitung.1/",
        "http://%31%32%37.0.0.1/",
        "http://１２７.0.0.1/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[::1",
        "http://zei tung.example/",
        "http://zeitung.example\t/",
        "http://zeitung.example\r\nHost: intern/",
        "http://zeitung..example/",
        "http://-zeitung.example/",
        "http://zeitung.example../",
        f"http://{'a' * 64}.example/",
        f"http://zeitung.example/{'a' * 2000}",
        "http://zeitung.example:22/",
        "http://zeitung.example:6379/",
        "http://zeitung.example:0x50/",
        "http://zeitung.example:99999/",
    ],
)
def test_urls_that_are_not_written_the_plain_way_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        located(url)


def test_a_refusal_does_not_repeat_a_password() -> None:
    with pytest.raises(AddressRefused) as refused:
        located("http://redakteur:geheim@zeitung.example/")
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "authority"),
    [
        ("https://zeitung.example/a?b=c#d", "zeitung.example", 443, "zeitung.example"),
        ("http://ZEITUNG.example:8080", "zeitung.example", 8080, "zeitung.example:8080"),
        ("http://zeitung.example./", "zeitung.example", 80, "zeitung.example"),
        (
            "https://münchner-zeitung.example/",
            "xn--mnchner-zeitung-zvb.example",
            443,
            "xn--mnchner-zeitung-zvb.example",
        ),
        ("http://127.0.0.1./", "127.0.0.1", 80, "127.0.0.1"),
        ("https://[2001:4860:4860::8888]:8443/", "2001:4860:4860::8888", 8443, "[2001:4860:4860::8888]:8443"),
    ],
)
def test_a_plain_url_is_located(url: str, host: str, port: int, authority: str) -> None:
    location = located(url)
    assert (location.host, location.port, location.authority) == (host, port, authority)
