"""Pins what an administrator does to one of 10,000 users, and that to everybody else there is nothing there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.console import Console, heading, notice, press, rows
from tests.e2e.console_data import ADMINISTRATOR, OWNER, Filled

pytestmark = pytest.mark.usefixtures("curl")


def test_users_are_searched_and_leafed_through_to_the_last(full_console: Console, filled: Filled) -> None:
    page = full_console.signed_in(ADMINISTRATOR)
    page.get_by_role("navigation").get_by_role("link", name="Users").click()
    assert len(rows(page, "Users")) == 25
    assert page.get_by_text("Page 1 of 400").is_visible() and not page.get_by_role("link", name="Previous").is_visible()
    press(page, "Next", "link")
    assert page.get_by_text("Page 2 of 400").is_visible()
    page.goto("/console/users/?page=400")
    assert page.get_by_text("Page 400 of 400").is_visible() and not page.get_by_role("link", name="Next").is_visible()
    assert len(rows(page, "Users")) == 25

    page.get_by_label("Username begins with").fill(" anna.b")
    press(page, "Search")
    names = set()
    while True:
        names |= {name for name, *_ in rows(page, "Users")}
        if not page.get_by_role("link", name="Next").is_visible():
            break
        press(page, "Next", "link")
    expected = full_console.sql("SELECT username FROM users WHERE username LIKE 'anna.b%'").split()
    assert names == set(expected) and len(expected) > 50
    press(page, "Show all", "link")
    assert page.get_by_text("Page 1 of 400").is_visible()

    for wanted in ("%", "_", "nobody's", "a' OR '1'='1", "\\", "\u202e\u202e"):
        page.get_by_label("Username begins with").fill(wanted)
        press(page, "Search")
        assert page.get_by_text("Nobody found").is_visible(), wanted


def person(console: Console, at: int) -> tuple[int, str]:
    """Somebody enabled whom no other test touches: id and name."""
    line = console.sql(f"SELECT id, username FROM users WHERE password NOT LIKE '!%' ORDER BY id LIMIT {100 + at}, 1")
    found, name = line.strip().split("\t")
    return int(found), name


def test_a_disabled_user_is_out_at_once_and_in_again_when_enabled(full_console: Console) -> None:
    console, (user, name) = full_console, person(full_console, 0)
    console.pages.allow(403)
    phone, elsewhere = console.phone("Phone", name), console.signed_in(name)
    page = console.signed_in(ADMINISTRATOR)
    page.goto(f"/console/users/{user}/")
    assert heading(page) == name and console.verify(phone) == 200
    press(page, "Disable", "link")
    press(page, "Cancel", "link")
    assert console.verify(phone) == 200
    press(page, "Disable", "link")
    assert page.locator("main bdi").inner_text() == name
    press(page, "Disable")
    assert notice(page) == "The user was disabled, and every token of theirs revoked."
    assert page.get_by_text("No live tokens").is_visible() and page.get_by_text("Disabled", exact=True).is_visible()
    assert console.verify(phone) == 401
    elsewhere.reload()
    assert heading(elsewhere) == "Sign in to Gatepass"
    elsewhere.get_by_label("Username").fill(name)
    elsewhere.get_by_label("Password").fill("password")
    press(elsewhere, "Sign in")
    assert elsewhere.get_by_role("alert").inner_text() == "The username or the password is wrong."

    press(page, "Enable", "link")
    press(page, "Enable")
    assert notice(page) == "The user may sign in again." and page.get_by_text("Enabled", exact=True).is_visible()
    assert console.verify(console.phone("Phone", name)) == 200 and console.verify(phone) == 401
    assert [line["user_id"] for line in audited(console, "user.disabled")] == [user]
    assert [line["user_id"] for line in audited(console, "user.enabled")] == [user]


def test_one_or_every_token_of_a_user_is_revoked(full_console: Console) -> None:
    console, (user, name) = full_console, person(full_console, 1)
    phones = [console.phone(f"Phone {each}", name) for each in range(3)]
    page = console.signed_in(ADMINISTRATOR)
    page.goto(f"/console/users/{user}/")
    press(page, "Revoke: Phone 1")
    assert notice(page) == "The token was revoked. It is refused from now on."
    assert [console.verify(phone) for phone in phones] == [200, 401, 200]
    press(page, "Revoke all tokens", "link")
    press(page, "Revoke all")
    assert notice(page) == "Every token of this user was revoked."
    assert [console.verify(phone) for phone in phones] == [401, 401, 401]
    assert not page.get_by_role("link", name="Revoke all tokens").is_visible()
    one, all_others = [line for line in audited(console, "token.revoked") if line["user_id"] == user]
    assert (one["revoked"], one["device"]) == (1, "Phone 1") and all_others["revoked"] >= 2


def audited(console: Console, event: str) -> Iterator[dict[str, Any]]:
    """Those lines of the log that name the administrator and where they were."""
    by = console.sql(f"SELECT id FROM users WHERE username = '{ADMINISTRATOR}'").strip()
    return (line for line in console.events(event) if (line.get("by"), line["address"]) == (f"user {by}", "127.0.0.1"))


def test_administrators_do_not_lock_themselves_out(full_console: Console, filled: Filled) -> None:
    full_console.pages.allow(403)
    page = full_console.signed_in(ADMINISTRATOR)
    page.goto(f"/console/users/{filled.administrator}/")
    assert not page.get_by_role("link", name="Disable").is_visible()
    page.goto(f"/console/users/{filled.administrator}/disable/")
    press(page, "Disable")
    assert heading(page) == "Not allowed"
    page.goto("/console/overview/")
    assert heading(page) == "Overview"


def test_to_anybody_else_there_is_nothing_there(full_console: Console, filled: Filled) -> None:
    full_console.pages.allow(404)
    page = full_console.signed_in(OWNER)
    user = f"users/{filled.administrator}"
    for path in ("overview/", "users/", "users/?search=a", f"{user}/", f"{user}/disable/", f"{user}/enable/", "no/"):
        answer = page.goto(f"/console/{path}")
        assert answer and answer.status == 404 and heading(page) == "Page not found"
        assert re.search("admin|Overview|Users", page.locator("body").inner_text()) is None
    page.goto("/console/profile/")
    page.locator("main form").first.evaluate("(form, path) => { form.action = path }", f"/console/{user}/disable/")
    press(page, "Save")
    assert heading(page) == "Page not found"
    assert full_console.sql(f"SELECT password LIKE '!%' FROM users WHERE id = {filled.administrator}").strip() == "0"
