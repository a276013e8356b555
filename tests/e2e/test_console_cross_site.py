"""A page of another origin gets nothing done in the console, though it has seen the form that it sends."""

import html
from collections.abc import Mapping
from functools import partial
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route

from tests.e2e.console import OWNER, Console, heading, new_token
from tests.ports import free_port

ATTACKER = "boss"
STATE = "SELECT id, user_id, kind, name FROM auth_tokens; SELECT id, password FROM users; SELECT * FROM profiles"


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


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "http://attacker.example", "data:"])
def test_a_form_that_another_origin_sends_does_nothing(console: Console, origin: str) -> None:
    """To another port of the machine the cookie comes along, to another site it does not."""
    console.pages.allow(403, "foreign request: ")
    console.add(ATTACKER, is_admin=True)
    page = console.signed_in(ATTACKER)
    console.phone("Phone", ATTACKER)
    new_token(page, "backup")
    asked, before = acts(console, page), console.sql(STATE)
    for number, (path, fields) in enumerate(asked.items()):
        body = sends(console.url(f"/console/{path}"), fields)
        place = f"{origin}/{number}".format(port=free_port()) if origin != "data:" else f"data:text/html,{quote(body)}"
        page.route(place, partial(Route.fulfill, body=body, content_type="text/html"))
        page.goto(place, wait_until="commit")
        page.wait_for_url(f"**/console/{path}")
        assert heading(page) == "Not allowed", path
        assert "so nothing was done" in page.locator("main").inner_text()
    assert console.sql(STATE) == before
    page.goto("/console/profile/")
    assert heading(page) == "My Profile"


def test_the_console_is_shown_in_no_frame_even_of_its_own_origin(console: Console) -> None:
    console.pages.allow(404, "frame", "Frame", "ERR_BLOCKED_BY_RESPONSE")
    page = console.signed_in()
    page.goto("/healthz")
    framed = "document.body.append(Object.assign(document.createElement('iframe'), {src: '/console/devices/'}))"
    with page.expect_event("requestfailed") as failed:
        page.evaluate(framed)
    assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"


def test_on_another_host_without_tls_the_page_says_what_is_missing(console: Console) -> None:
    console.pages.allow(403, "foreign request: ", "Cross-Origin-Opener-Policy header has been ignored")
    page = console.page()
    page.goto(f"http://gatepass.example:{console.service.port}/console/")
    page.get_by_label("Username").fill(OWNER)
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    assert "Open the console itself, over HTTPS, and try again." in page.locator("main").inner_text()
    assert console.sql("SELECT COUNT(*) FROM auth_tokens").strip() == "0"
