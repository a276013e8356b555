"""Where people are told what was done, with a script and without, and never by a link; forms that came too late."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import axe, sign_in
from tests.e2e.console import OWNER, Console, heading, new_token, notice, press
from tests.e2e.console_keys import step

AGAIN = "You are signed in again. Nothing was done yet: look at it and send it again."
SCRIPT = pytest.mark.parametrize("javascript", [True, False])


def in_sight(page: Page) -> bool:
    """Is the notice within the window?"""
    box, window = page.locator(".notice").bounding_box(), page.viewport_size
    assert box and window
    return bool(box["y"] >= 0 and box["y"] + box["height"] <= window["height"])


def end_session(console: Console) -> None:
    console.sql("DELETE FROM auth_tokens WHERE kind = 'console'")


def test_the_notice_has_the_focus_and_is_said_once(console: Console) -> None:
    page = console.signed_in()
    page.get_by_label("Full Name").fill("Ann")
    press(page, "Save")
    expect(page.locator(".notice")).to_be_focused()
    assert notice(page) == "Your profile was saved." and axe(page) == []
    assert page.url.endswith("/console/profile/") and len(page.context.cookies()) == 1
    assert step(page) == "Username"
    page.reload()
    expect(page.locator(".notice")).to_have_count(0)


@SCRIPT
@pytest.mark.parametrize("query", ["done=password-others", "done=ended", "done=signed-in"])
def test_a_link_forges_none(console: Console, javascript: bool, query: str) -> None:
    stranger, page = console.page(javascript=javascript), console.signed_in(javascript=javascript)
    for each, path in ((stranger, "sign-in/"), (stranger, ""), (page, "profile/"), (page, "")):
        each.goto(f"/console/{path}?{query}")
        expect(each.locator(".notice")).to_have_count(0)
    assert (heading(stranger), heading(page)) == ("Sign in to Gatepass", "My Profile")


def test_a_browser_that_keeps_no_cookies_is_told_so(console: Console) -> None:
    page = console.page()
    page.goto("/console/sign-in/?next=/console/devices/")
    page.locator("[name=username]").fill(OWNER)
    page.locator("[name=password]").fill("password")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.locator("main button[type=submit]").click()
    page.wait_for_url("**/console/devices/")
    page.context.clear_cookies()
    page.goto(posted.value.headers["location"])
    assert notice(page).startswith("Your browser did not keep the cookie.")
    page.locator("[name=username]").fill(OWNER)
    page.locator("[name=password]").fill("password")
    press(page, "Sign in")
    page.wait_for_url("**/console/devices/")


@SCRIPT
def test_a_token_is_revoked_and_a_device_signed_out_where_the_person_is(console: Console, javascript: bool) -> None:
    for number in range(30):
        console.phone(f"phone {number:02}")
    page = console.signed_in(javascript=javascript)
    page.goto("/console/devices/?page=2")
    row = page.locator("#row-4")
    name = row.locator("bdi").first.inner_text()
    row.get_by_role("button").click()
    page.wait_for_url("**/console/devices/?page=2#row-4")
    assert notice(page) == "The device was signed out." and in_sight(page)
    assert name not in page.locator("tbody").inner_text()
    if javascript:
        expect(page.locator(".notice")).to_be_focused()
        step(page)
        assert page.locator("#row-4 :focus").count() == 1, "the next row is the next stop"

    new_token(page, "a token")
    page.goto("/console/profile/")
    press(page, "Revoke: a token", "link")
    press(page, "Cancel", "link")
    assert page.url.endswith("/console/profile/#tokens")
    press(page, "Revoke: a token", "link")
    press(page, "Revoke")
    assert page.url.endswith("/console/profile/#tokens")
    assert page.locator("#tokens .notice").inner_text().startswith("The token was revoked.") and in_sight(page)
    if javascript:
        expect(page.locator(".notice")).to_be_focused()


@SCRIPT
def test_a_profile_that_came_too_late_is_back_after_the_sign_in(console: Console, javascript: bool) -> None:
    page = console.signed_in(javascript=javascript)
    page.get_by_label("Full Name").fill("Ann <b>")
    end_session(console)
    press(page, "Save")
    assert notice(page) == "Your session has ended. Nothing was done: sign in to come back to your form."
    sign_in_here(page)
    assert (heading(page), notice(page)) == ("My Profile", AGAIN)
    assert page.get_by_label("Full Name").input_value() == "Ann <b>"
    assert console.sql("SELECT full_name FROM profiles") in ("", "\n")
    press(page, "Save")
    assert notice(page) == "Your profile was saved." and "Ann <b>" in console.sql("SELECT full_name FROM profiles")


@SCRIPT
def test_so_is_a_new_token_in_its_dialog(console: Console, javascript: bool) -> None:
    page = console.signed_in(javascript=javascript)
    press(page, "Create API Token", "link")
    page.get_by_label("Token Name").fill("my program")
    page.get_by_label("Expiration", exact=True).select_option("1y")
    end_session(console)
    press(page, "Create")
    sign_in_here(page)
    dialog = page.locator("dialog")
    assert dialog.locator(".notice").inner_text() == AGAIN and in_sight(page)
    if javascript:
        expect(dialog.locator(".notice")).to_be_focused()
        assert axe(page) == []
    press(page, "Create")
    assert heading(page) == "API token created"
    assert console.sql("SELECT name FROM auth_tokens WHERE kind = 'personal'") == "my program\n"


def test_a_form_of_one_person_is_never_shown_to_another(console: Console) -> None:
    console.add("eve")
    page = console.signed_in()
    page.get_by_label("Full Name").fill("Ann")
    end_session(console)
    press(page, "Save")
    sign_in(page, "eve")
    page.goto("/console/profile/")
    assert page.get_by_label("Full Name").input_value() == "" and page.locator(".notice").count() == 0
    assert len(page.context.cookies()) == 1


def test_a_search_is_come_back_to(console: Console) -> None:
    console.add("boss", is_admin=True)
    page = console.page()
    page.goto("/console/users/?search=%C5%9F+%26%2F%2Fx&page=1")
    sign_in_here(page, "boss")
    page.wait_for_url("**/console/users/?search=%C5%9F+%26%2F%2Fx&page=1")
    assert page.locator("[name=search]").input_value() == "ş &//x"


def sign_in_here(page: Page, name: str = OWNER) -> None:
    """Send the form of the sign-in page that is shown."""
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill("password")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.wait_for_load_state()
