"""Pins how a person comes into the console and leaves it: wrong and right words, languages, the menu, what is left."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.conftest import Gunicorn
from tests.e2e.console import OWNER, Console, beside, heading, notice, press

MENU = "Menu of ayse"


def test_a_person_signs_in_wrongly_and_then_rightly(console: Console) -> None:
    console.pages.allow(400, 403)
    page = console.page()
    page.goto("/console/")
    assert (page.title(), heading(page)) == ("Sign in · Gatepass", "Sign in to Gatepass")
    assert page.locator("nav, summary").count() == 0
    press(page, "Sign in")
    assert beside(page, "username") == "Enter your username."
    assert beside(page, "password") == "Enter your password."

    said = []
    for name, password in ((OWNER, "wrong"), ("nobody", "password"), ("Ayşe ' OR 1=1 -- ", "password")):
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(password)
        press(page, "Sign in")
        said.append(page.get_by_role("alert").inner_text())
        assert page.get_by_label("Username").input_value() == name
        assert page.get_by_label("Password").input_value() == ""
    assert said == ["The username or the password is wrong."] * 3

    page.get_by_label("Username").fill(OWNER)
    page.get_by_label("Password").fill("password")
    press(page, "Sign in")
    assert (page.title(), heading(page)) == ("My Profile · Gatepass", "My Profile")
    assert page.get_by_role("navigation").get_by_role("link").all_inner_texts() == ["My Profile", "Devices"]
    assert page.locator("nav [aria-current=page]").inner_text() == "My Profile"


def test_the_menu_under_the_name_leads_everywhere_and_closes(console: Console) -> None:
    page = console.signed_in()
    menu, inside = page.get_by_label(MENU), page.locator("details.menu > div")
    assert menu.inner_text() == OWNER and not inside.is_visible()
    for name, address in {"API tokens": "profile/#tokens", "Devices": "devices/", "My Profile": "profile/"}.items():
        menu.click()
        assert inside.locator("a, button").all_inner_texts() == ["My Profile", "API tokens", "Devices", "Sign out"]
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


def test_signing_in_leads_to_the_page_that_was_asked_for_and_to_no_other_place(console: Console) -> None:
    for asked, address in {
        "/console/devices/": "/console/devices/",
        "/console/sign-in/?next=https://attacker.example/": "/console/profile/",
        "/console/sign-in/?next=//attacker.example/console/": "/console/profile/",
        "/console/sign-in/?next=/console/..//attacker.example": "/console/profile/",
    }.items():
        page = console.page()
        page.goto(asked)
        page.get_by_label("Username").fill(OWNER)
        page.get_by_label("Password").fill("password")
        press(page, "Sign in")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        assert page.url.partition("?")[0] == console.url(address)


@pytest.mark.parametrize(
    "locale, language, said",
    [
        ("tr-TR", "tr", "Gatepass konsolunda oturum açın"),
        ("en-GB", "en", "Sign in to Gatepass"),
        ("fr-FR", "en", "Sign in to Gatepass"),
    ],
)
def test_before_the_sign_in_the_browsers_language_is_spoken(
    console: Console, locale: str, language: str, said: str
) -> None:
    page = console.page(locale=locale)
    page.goto("/console/")
    assert (heading(page), page.locator("html").get_attribute("lang")) == (said, language)


def test_the_language_is_switched_and_switched_back(console: Console) -> None:
    page = console.signed_in()
    page.get_by_label("Preferred Language").select_option(label="Türkçe")
    press(page, "Save")
    assert (heading(page), notice(page)) == ("Profilim", "Profiliniz kaydedildi.")
    assert page.locator("html").get_attribute("lang") == "tr"
    press(page, "Cihazlar", "link")
    assert heading(page) == "Cihazlar"
    elsewhere = console.signed_in()  # whatever that browser speaks
    assert heading(elsewhere) == "Profilim"

    page.goto("/console/profile/")
    page.get_by_label("Tercih edilen dil").select_option(label="English")
    press(page, "Kaydet")
    assert (heading(page), notice(page)) == ("My Profile", "Your profile was saved.")


def test_the_session_is_a_cookie_that_no_script_reads(console: Console) -> None:
    page = console.signed_in()
    cookies = {each["name"]: each for each in page.context.cookies()}
    cookie = cookies["gatepass"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"], cookie["path"]) == (True, "Lax", -1, "/")
    assert page.evaluate("document.cookie") == ""


def test_in_production_chromium_keeps_the_host_cookie_on_this_machine_without_tls(
    console: Console, gunicorn: Callable[..., Gunicorn]
) -> None:
    """It trusts a loopback address as it trusts TLS."""
    limits = {"THROTTLE_PAIR": "1", "THROTTLE_DELAY_SECONDS": "900"}
    service = gunicorn(console.server, APP_ENV="production", BCRYPT_COST="10", **limits)
    console.pages.allow(403, 429)
    page = Console(service, console.server, console.pages).signed_in()
    assert heading(page) == "My Profile"
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "__Host-gatepass"]
    assert (cookie["secure"], cookie["httpOnly"], cookie["domain"]) == (True, True, "127.0.0.1")

    page = Console(service, console.server, console.pages).page()
    page.goto("/console/")
    for _ in range(3):
        page.get_by_label("Username").fill(OWNER)
        page.get_by_label("Password").fill("wrong")
        press(page, "Sign in")
    assert page.get_by_role("alert").inner_text().startswith("Too many tries. Please try again in 1")
