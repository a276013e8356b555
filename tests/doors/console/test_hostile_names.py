"""What devices, browsers and people call themselves is text on every page, whatever it holds."""

from html import escape

import pytest

from tests.conftest import Service, add_user
from tests.doors.console.signed_in import PAGES, Scene, tokens_of
from v1.doors.console import browser as browsers

HOSTILE = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</title></table>"),
    *("{{ 7919*7919 }}{% raw %}", "%(device)s %d 100%", "&lt;b&gt; &amp;amp;", "\u202egnp.exe", "\u200f\u2067עברית"),
    *("e\u0301" * 100, "Z" + "\u0335" * 199, "📱" * 100, "x" * 200, "a\nb\tc", "\x1b[31m", "javascript:alert(1)", " "),
]
MARKS = ("<script>alert", "<img src=x", "onmouseover='alert", "</title></table>", "62710561", "<b> ")
"""What is on no page if each of them is text."""

AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36": "Chrome, Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0": "Edge, Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/139.0 Safari/537.36 OPR/120.0": "Opera, Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 Version/18.0 Safari/605.1": "Safari, macOS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 CriOS/139.0 Safari/604": "Chrome, iPhone",
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1 FxiOS/140 Safari/605": "Firefox, iPad",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 SamsungBrowser/28 Chrome/130": "Samsung Internet, Android",
    "Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/139.0 Safari/537.36": "Chrome, ChromeOS",
    **{agent: agent for agent in ("curl/8.5.0", "Lynx/2.9", "Dalvik/2.1 (Linux; Android 15)", "x", "")},
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_is_called_by_its_name_and_system_and_anything_else_by_its_own_words(agent: str) -> None:
    assert browsers.name(agent) == AGENTS[agent]


def test_what_devices_and_people_are_called_is_text_on_every_page(service: Service, seen: Scene) -> None:
    for number, name in enumerate(HOSTILE):
        add_user(service.server, f"{number} {name}"[:28])
        for kind in ("mobile", "api", "personal"):
            add_tokens(service, number, name, kind)
    paths = [path.format(**seen.ids) for _, path in PAGES] + ["/console/users/?search=0", "/console/devices/?page=2"]
    paths += [f"/console/users/{seen.ids['user']}/?page={page}" for page in (1, 2, 3)]
    paths += [f"/console/tokens/{number}/revoke/" for number in tokens_of(service, "personal")]
    pages = [seen.browser.get(path).text for path in paths]
    assert [mark for mark in MARKS for page in pages if mark in page] == []
    assert {(page.count("<script"), page.count("<img")) for page in pages} == {(1, 1), (2, 1), (0, 0)}, "ours"
    for name in (escape(HOSTILE[0]), "{{ 7919*7919 }}{% raw %}", "%(device)s %d 100%", "⟨U+202E⟩gnp"):
        assert "".join(pages).count(name) > 6, name
    assert [page for page in pages if "\u202e" in page] == []


def add_tokens(service: Service, number: int, name: str, kind: str) -> None:
    device, short = (f"_utf8mb4 X'{name[:most].encode().hex()}'" for most in (200, 100))
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name)"
        f" SELECT LEFT(SHA2(CONCAT(id, '{kind}{number}'), 256), 40), id, 0, 4000000000, {number}, {device},"
        f" '{kind}', {short}"
        " FROM users WHERE username IN ('admin', 'other')",
        "gatepass",
    )
