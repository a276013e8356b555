"""Pins whose address is believed: the peer, or the rightmost untrusted address of X-Forwarded-For."""

import ipaddress

import pytest

from v1.guard import client_address

TRUSTED = tuple(ipaddress.ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/8", "::1/128", "2001:db8::/32"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # a stranger may write what it likes
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (
            "127.0.0.1",
            "203.0.113.9, 198.51.100.1, 10.1.2.3",
            "198.51.100.1",
        ),  # what stands left of it is the client's own
        ("127.0.0.1", "10.1.2.3, 10.9.9.9", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:443", "127.0.0.1"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::5, 2a00::1", "2a00::1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "198.51.100.1", "198.51.100.1"),  # a Unix socket
        ("", "", ""),
    ],
)
def test_behind_trusted_proxies(peer: str, forwarded: str, expected: str) -> None:
    assert client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, TRUSTED) == expected


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert client_address(environ, ()) == "127.0.0.1"
