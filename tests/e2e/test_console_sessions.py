"""Pins what becomes of a form that was open while its session, its account or what it is about went away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import sign_in
from tests.e2e.console import OWNER, Console, beside, fill_token, heading, new_token, notice, press, row

ENDED = ("Sign in to Gatepass", "Your session has ended. Please sign in again.")


def save(page: Page, full_name: str) -> None:
    page.get_by_label("Full Name").fill(full_name)
    press(page, "Save")


def revoke(console: Console) -> None:
    console.sql("DELETE FROM auth_tokens WHERE kind = 'console'")


def expire(console: Console) -> None:
    console.sql("UPDATE auth_tokens SET expiry = creation_time WHERE kind = 'console'")


def disable(console: Console) -> None:
    console.sql("UPDATE users SET password = CONCAT('!', password)")


@pytest.mark.parametrize("happens", [revoke, expire, disable])
def test_a_form_whose_session_is_over_does_nothing_and_leads_to_the_sign_in(
    console: Console, happens: Callable[[Console], None]
) -> None:
    page = console.signed_in()
    happens(console)
    save(page, "Ayşe")
    assert (heading(page), notice(page)) == ENDED
    assert OWNER not in page.content() and console.sql("SELECT * FROM profiles") == ""
    if happens is not disable:
        sign_in(page, OWNER)
        assert heading(page) == "My Profile" and page.get_by_label("Full Name").input_value() == ""


def test_a_tab_of_somebody_else_changes_nothing_for_who_is_signed_in_now(console: Console) -> None:
    console.add("can")
    page = console.signed_in()
    other = page.context.new_page()
    other.goto("/console/")
    other.get_by_label("Menu of ayse").click()
    press(other, "Sign out")
    sign_in(other, "can")

    save(page, "Ayşe")
    said = "You signed in again after that page was opened, so nothing was changed. Please try again."
    assert notice(page) == said and page.get_by_label("Menu of can").is_visible()
    assert console.sql("SELECT * FROM profiles") == ""
    save(page, "Can")
    assert notice(page) == "Your profile was saved." and page.get_by_label("Menu of Can").is_visible()


def test_two_tabs_of_one_session_work_side_by_side(console: Console) -> None:
    console.pages.allow(400)
    one = console.signed_in()
    two = one.context.new_page()
    for page in (one, two):
        page.goto("/console/profile/")
        press(page, "Create API Token", "link")
    fill_token(one, "backup", "Never")
    assert heading(one) == "API token created"
    fill_token(two, "backup", "Never")
    assert beside(two, "name") == "You have a live token of this name. Choose another name."
    press(two, "Cancel", "link")
    save(two, "Ayşe")
    one.goto("/console/profile/")
    assert one.get_by_label("Full Name").input_value() == "Ayşe"


def test_what_another_tab_has_ended_already_is_said_so(console: Console) -> None:
    console.phone("Phone")
    one = console.signed_in()
    new_token(one, "backup")
    two = one.context.new_page()
    for path, act, said in (
        ("/console/devices/", "Sign out: Phone", "That device was signed out already."),
        ("/console/profile/", "Revoke", "That token was revoked already."),
    ):
        for page in (one, two):
            page.goto(path)
            if act == "Revoke":
                row(page, "backup").get_by_role("link").click()
        press(one, act)
        assert "already" not in notice(one)
        press(two, act)
        assert notice(two) == said
    two.go_back()
    assert heading(two) == "My Profile" and notice(two) == "That token was revoked already."
