"""Which callers are programs on this machine, and what they may do without a token."""

import ipaddress
from dataclasses import replace

import pytest

from tests.auth.guard.proxies import TRUSTED
from v1.auth.guard import is_local, may_create_api_tokens, may_read_metrics
from v1.settings import load

OFFICE = (ipaddress.ip_network("198.51.100.0/24"),)
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}
SETTINGS = load({"DATABASE_URL": "mysql://u:p@127.0.0.1/d", "APP_ENV": "development"})


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_a_program_on_this_machine_is_local(peer: str, host: str) -> None:
    assert is_local({"REMOTE_ADDR": peer, "HTTP_HOST": host})


@pytest.mark.parametrize(
    "changed",
    [
        *({"REMOTE_ADDR": each} for each in ("192.0.2.7", "10.0.0.1", "2001:db8::1", "", "::ffff:192.0.2.7")),
        *({"HTTP_HOST": each} for each in ("", "gatepass.example", "localhost.evil.example", "::1", "127.0.0.1.x")),
        *({"HTTP_HOST": each} for each in ("localhost.", "0.0.0.0", "127.1", "2130706433", "[::ffff:127.0.0.1]")),
        *({"HTTP_HOST": f"localhost{each}"} for each in (":80:80", "/", "@evil.example", ", evil.example")),
        *({"HTTP_HOST": "evil.example@localhost"}, {"REMOTE_ADDR": "127.0.0.1, 192.0.2.7"}),
        *({f"HTTP_X_FORWARDED{end}": ""} for end in ("", "_FOR", "_HOST", "_PROTO", "_PORT", "_SERVER")),
        *({f"HTTP_{name}": "x"} for name in ("FORWARDED", "X_REAL_IP", "VIA", "SEC_FETCH_SITE", "SEC_FETCH_MODE")),
        *({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "none"}),
    ],
    ids=str,
)
def test_a_stranger_a_proxy_beside_us_and_a_page_in_a_browser_are_not_local(changed: dict[str, str]) -> None:
    assert is_local(HERE)
    assert not is_local({**HERE, **changed})


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "sees"),
    [
        ("198.51.100.9", "", (), True),
        ("192.0.2.7", "", (), False),
        ("192.0.2.7", "198.51.100.9", (), False),  # anybody can write that
        ("127.0.0.1", "198.51.100.9", (), False),  # a proxy that is not trusted proves nothing
        ("127.0.0.1", "198.51.100.9", TRUSTED, True),
        ("127.0.0.1", "198.51.100.9, 192.0.2.7", TRUSTED, False),
        ("192.0.2.7", "198.51.100.9", TRUSTED, False),
        ("", "", TRUSTED, False),
    ],
)
def test_the_numbers_are_for_allowed_networks_alone(peer: str, forwarded: str, trusted: tuple, sees: bool) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded, "HTTP_HOST": "gatepass.example"}
    assert may_read_metrics(replace(SETTINGS, trusted_proxies=trusted, metrics_allow=OFFICE), environ) is sees
    assert not may_read_metrics(replace(SETTINGS, trusted_proxies=trusted), environ)


@pytest.mark.parametrize("allowed", [(), OFFICE])
def test_the_machine_itself_may_see_them_unless_that_is_closed(allowed: tuple) -> None:
    settings = replace(SETTINGS, metrics_allow=allowed)
    assert may_read_metrics(settings, HERE) and may_create_api_tokens(settings, HERE)
    closed = replace(settings, local_metrics=False, local_api_tokens=False)
    assert not may_read_metrics(closed, HERE) and not may_create_api_tokens(closed, HERE)
    assert may_read_metrics(closed, {**HERE, "REMOTE_ADDR": "198.51.100.9"}) is bool(allowed)
    assert not may_create_api_tokens(settings, {**HERE, "REMOTE_ADDR": "198.51.100.9"})
