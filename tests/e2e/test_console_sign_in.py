"""The menu of the console, and what a browser keeps of a session: its cookie, and no page after the sign-out."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.conftest import Gunicorn
from tests.e2e.console import OWNER, Console, heading, notice, press

MENU = "Menu of ayse"


def test_the_menu_under_the_name_leads_everywhere_and_closes(console: Console) -> None:
    page = console.signed_in()
    menu, inside = page.get_by_label(MENU), page.locator("details.menu > div")
    assert menu.inner_text() == OWNER and not inside.is_visible()
    for name, address in {"API tokens": "profile/#tokens", "Devices": "devices/", "My Profile": "profile/"}.items():
        menu.click()
        places = ["My Profile", "API tokens", "Devices", "Activity", "Sign out"]
        assert inside.locator("a, button").all_inner_texts() == places
        inside.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/console/{address}")
        expect(inside).not_to_be_visible()
    menu.click()
    page.locator("h1").click()
    assert not inside.is_visible()


def test_after_signing_out_no_button_brings_the_account_back(console: Console) -> None:
    page = console.signed_in()
    other = page.context.new_page()
    other.goto("/console/devices/")
    page.goto("/console/devices/")
    page.get_by_label(MENU).click()
    press(page, "Sign out")
    assert (heading(page), notice(page)) == ("Sign in to Gatepass", "You are signed out.")
    assert page.context.cookies() == [] and console.sql("SELECT id FROM auth_tokens") == ""
    for _ in range(2):
        page.go_back()
        assert heading(page) == "Sign in to Gatepass" and OWNER not in page.content()
    page.goto("/console/profile/")
    assert heading(page) == "Sign in to Gatepass"

    other.get_by_role("navigation").get_by_role("link", name="My Profile").click()
    assert heading(other) == "Sign in to Gatepass" and OWNER not in other.content()


def test_chromium_keeps_the_cookie_from_scripts_and_on_this_machine_without_tls_in_production_too(
    console: Console, gunicorn: Callable[..., Gunicorn]
) -> None:
    """It trusts a loopback address as it trusts TLS."""
    production = gunicorn(console.server, APP_ENV="production", BCRYPT_COST="10")
    for service, name, secure in ((console.service, "gatepass", False), (production, "__Host-gatepass", True)):
        page = Console(service, console.server, console.pages).signed_in()
        (cookie,) = [each for each in page.context.cookies() if each["name"] == name]
        found = [cookie[each] for each in ("httpOnly", "secure", "sameSite", "expires", "domain", "path")]
        assert found == [True, secure, "Lax", -1, "127.0.0.1", "/"]
        assert heading(page) == "My Profile" and page.evaluate("document.cookie") == ""
