"""Whose address is believed: the peer's, or what a trusted proxy says."""

import logging

import pytest

from tests.auth.guard.proxies import TRUSTED
from v1.auth.guard import client_address
from v1.auth.guard.forwarded_for import log_unreadable_address


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
        ("127.0.0.1", "198.51.100.1:443", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.1:1, 198.51.100.1:54321, 10.1.2.3:65535", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1:443, [2001:db8::9]:80", "198.51.100.1"),
        ("127.0.0.1", '"198.51.100.1:443"', "198.51.100.1"),
        ("127.0.0.1", '"198.51.100.1"', "198.51.100.1"),
        ("127.0.0.1", "[2a00::1]", "2a00::1"),
        ("127.0.0.1", "[2a00::1]:443", "2a00::1"),
        ("127.0.0.1", '"[2a00::1]:443"', "2a00::1"),
        ("127.0.0.1", '"2a00::1"', "2a00::1"),
        ("127.0.0.1", "2a00::1:443", "2a00::1:443"),  # without brackets a port cannot be told from the address
        ("127.0.0.1", "\t[::ffff:198.51.100.1]:443 ", "198.51.100.1"),
        ("127.0.0.1", "::ffff:198.51.100.1:443", "198.51.100.1"),
        ("127.0.0.1", "[198.51.100.1]:443", "198.51.100.1"),
        ("127.0.0.1", "[fe80::1%eth0]:443", "fe80::1"),
        *(
            ("127.0.0.1", f"198.51.100.1, {entry}", "127.0.0.1")
            for entry in ("[2a00::1", "2a00::1]:1", "[[2a00::1]]", "[2a00::1]443", "192.0.2.2:", "192.0.2.2:123456")
        ),
        *(
            ("127.0.0.1", f"198.51.100.1, {entry}", "127.0.0.1")
            for entry in ('"192.0.2.2', '""192.0.2.2""', "192.0.2.2:x", "a.b:1", "for=192.0.2.2", "[]:1", '"')
        ),
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


def test_what_cannot_be_read_is_told_once_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def told(forwarded: str) -> list[str]:
        caplog.clear()
        client_address({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}, TRUSTED)
        return [str(record.__dict__.get("event")) for record in caplog.records]

    logging.getLogger("v1").addHandler(caplog.handler)
    log_unreadable_address.cache_clear()
    try:
        assert told("") == told("198.51.100.1:1") == told("unknown, 198.51.100.1") == []
        assert told("a secret, unknown") == ["proxy.unreadable_address"] and "unknown" not in caplog.text
        assert told("another") == told("a secret, unknown") == []
    finally:
        logging.getLogger("v1").removeHandler(caplog.handler)
