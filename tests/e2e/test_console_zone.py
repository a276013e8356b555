"""The browser's own time zone is offered, and a password that is typed can be looked at."""

from playwright.sync_api import expect

from tests.e2e.console import Console, press


def test_the_zone_of_the_browser_is_offered_and_then_used(console: Console) -> None:
    page = console.signed_in(zone="Asia/Tokyo")
    page.goto("/console/profile/")
    assert page.locator("#time-zones option").count() > 300
    press(page, "Asia/Tokyo")
    field = page.get_by_label("Time Zone")
    expect(field).to_have_value("Asia/Tokyo")
    expect(page.get_by_role("button", name="Asia/Tokyo")).not_to_be_visible()
    page.locator("form[action='/console/profile/'] button[type=submit]").click()
    page.goto("/console/devices/")
    assert "GMT+09:00" in (page.locator("time").first.text_content() or "")


def test_where_the_browser_is_on_utc_nothing_is_offered(console: Console) -> None:
    page = console.signed_in()
    page.goto("/console/profile/")
    expect(page.locator("[data-offers-zone]")).not_to_be_visible()


def test_a_password_is_shown_on_request_and_sent_hidden(console: Console) -> None:
    page = console.page()
    page.goto("/console/sign-in/")
    expect(page.get_by_label("Username")).to_be_focused()
    field, button = page.locator("[name=password]"), page.get_by_role("button", name="Show password")
    field.fill("password")
    for kind, pressed in (("text", "true"), ("password", "false"), ("text", "true")):
        button.click()
        assert (field.get_attribute("type"), button.get_attribute("aria-pressed")) == (kind, pressed)
    page.evaluate(
        "document.forms[0].addEventListener('submit', (e) => { e.preventDefault();"
        " document.title = document.forms[0].password.type; })"
    )
    page.locator("main button[type=submit]").click()
    expect(page).to_have_title("password")
