"""Pins that a page of another origin gets nothing done in the console, though it has seen the form that it sends."""

import html
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import WAIT, Pages, checked, command
from tests.e2e.console import OWNER, Console, heading

NAMES = ("attacker.example", "gatepass.example")
ATTACKER = "boss"
STATE = "SELECT id, user_id, kind, name FROM auth_tokens; SELECT id, password FROM users; SELECT * FROM profiles"


@pytest.fixture(scope="module")
def named(chromium: Browser) -> Iterator[Browser]:
    """A Chromium in which NAMES are this machine."""
    found = ", ".join(f"MAP {name} 127.0.0.1" for name in NAMES)
    arguments = [f"--host-resolver-rules={found}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-proxy-server"]
    sandbox = os.geteuid() != 0
    running = chromium.browser_type.launch(
        executable_path=command(), chromium_sandbox=sandbox, args=arguments, timeout=WAIT
    )
    yield running
    running.close()


@pytest.fixture
def pages(named: Browser) -> Iterator[Pages]:
    with checked(named) as made:
        made.allow(403, "foreign request: ")
        yield made


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[int, dict[str, str]]]:
    """The port of somebody else's site, and its pages."""
    bodies: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(bodies.get(self.path, "").encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_port, bodies
        server.shutdown()
        thread.join()


def sends(address: str, fields: Mapping[str, str]) -> str:
    """A page that sends a form as soon as it is there."""
    inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
    form = f'<form method="post" action="{address}">{inputs}</form>'
    return f'<!doctype html><link rel="icon" href="data:,">{form}<script>document.forms[0].submit()</script>'


def acts(console: Console, page: Page) -> dict[str, dict[str, str]]:
    """All that an administrator could do, as the forms of their pages have it: with the number of their session."""
    page.goto("/console/profile/")
    session = {"session": page.locator("input[name=session]").first.get_attribute("value") or ""}
    owner = console.sql(f"SELECT id FROM users WHERE username = '{OWNER}'").strip()
    token, phone = console.sql("SELECT id FROM auth_tokens WHERE kind IN ('personal', 'mobile') ORDER BY kind").split()
    password = {"current": "password", "new": "the attacker's", "again": "the attacker's", "others": "1"}
    found = {
        "sign-out/": {},
        "profile/": {"full_name": "taken", "email": "", "language": "tr"},
        "password/": password,
        "tokens/new/": {"name": "taken", "expiration": "never"},
        f"tokens/{token}/revoke/": {},
        f"devices/{phone}/sign-out/": {},
        "devices/sign-out-others/": {},
        f"users/{owner}/disable/": {},
        f"users/{owner}/revoke-all/": {},
        f"users/{owner}/sessions/{phone}/revoke/": {},
        "sign-in/": {"username": ATTACKER, "password": "password"},
    }
    return {path: session | fields for path, fields in found.items()}


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "http://attacker.example:{port}", "data:"])
def test_a_form_that_another_origin_sends_does_nothing(
    console: Console, site: tuple[int, dict[str, str]], origin: str
) -> None:
    """To another port of the machine the cookie comes along, to another site it does not."""
    port, bodies = site
    console.add(ATTACKER, is_admin=True)
    page = console.signed_in(ATTACKER)
    console.phone("Phone", ATTACKER)
    page.goto("/console/tokens/new/")
    page.get_by_label("Token Name").fill("backup")
    page.get_by_role("button", name="Create", exact=True).click()
    asked, before = acts(console, page), console.sql(STATE)
    for path, fields in asked.items():
        bodies["/"] = sends(console.url(f"/console/{path}"), fields)
        place = f"{origin}/".format(port=port) if origin != "data:" else f"data:text/html,{quote(bodies['/'])}"
        page.goto(place, wait_until="commit")
        page.wait_for_url(f"**/console/{path}")
        assert heading(page) == "Not allowed", path
        assert "so nothing was done" in page.locator("main").inner_text()
    assert console.sql(STATE) == before
    page.goto("/console/profile/")
    assert heading(page) == "My Profile"


def test_the_console_is_shown_in_no_frame(console: Console, site: tuple[int, dict[str, str]]) -> None:
    port, bodies = site
    console.pages.allow("frame", "Frame", "ERR_BLOCKED_BY_RESPONSE")
    page = console.signed_in()
    bodies["/"] = f'<!doctype html><link rel="icon" href="data:,"><iframe src="{console.url("/console/devices/")}">'
    page.goto(f"http://127.0.0.1:{port}/")
    assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]


def test_on_another_host_without_tls_the_page_says_what_is_missing(console: Console) -> None:
    console.pages.allow("Cross-Origin-Opener-Policy header has been ignored")
    page = console.page()
    page.goto(f"http://gatepass.example:{console.service.port}/console/")
    page.get_by_label("Username").fill(OWNER)
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    assert "Open the console itself, over HTTPS, and try again." in page.locator("main").inner_text()
    assert console.sql("SELECT COUNT(*) FROM auth_tokens").strip() == "0"
