"""Pins the life of a personal token in a browser: made in the dialog, seen once, copied, used by curl, revoked."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.console import Console, beside, fill_token, heading, new_token, notice, press, row, rows, shown_token
from tests.e2e.faults import until
from v1.tokens.issue import NEVER

DAY = 86_400

TABLE = "Personal API Access Tokens"

pytestmark = pytest.mark.usefixtures("curl")


def ahead(days: int) -> str:
    """A day in UTC, as the value of a date field."""
    return f"{datetime.now(UTC) + timedelta(days):%Y-%m-%d}"


def on_a_page(seconds: int) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.day} {moment:%b %Y}"


def expiry(console: Console, name: str) -> int:
    return int(console.sql(f"SELECT expiry FROM auth_tokens WHERE name = '{name}'"))


def test_each_kind_of_expiration_counts_and_is_shown(console: Console) -> None:
    page, before = console.signed_in(), int(time.time())
    for label, days in {"30 days": 30, "90 days": 90, "1 year": 365}.items():
        new_token(page, label, label)
        found = expiry(console, label)
        assert before + days * DAY <= found <= time.time() + days * DAY
        moment = datetime.fromtimestamp(found, UTC)
        said = f"It is good until {moment.day} {moment:%B %Y, %H:%M:%S} UTC."
        assert said in page.locator("main").inner_text()
    new_token(page, "a day", "Custom", day := ahead(3))
    assert f"{datetime.fromtimestamp(expiry(console, 'a day'), UTC):%Y-%m-%d %H:%M:%S}" == f"{day} 23:59:59"
    new_token(page, "for good", "Never")
    assert expiry(console, "for good") == NEVER
    assert "It does not expire." in page.locator("main").inner_text()

    press(page, "Done", "link")
    listed = rows(page, TABLE)
    assert {name for name, *_ in listed} == {"30 days", "90 days", "1 year", "a day", "for good"}
    for name, _, expires, *rest in listed:
        assert expires == ("Never" if name == "for good" else on_a_page(expiry(console, name)))
        assert rest == ["Not yet", "Active", "Revoke"]


def test_the_date_is_there_for_custom_alone(console: Console) -> None:
    page = console.signed_in()
    press(page, "Create API Token", "link")
    date, expiration = page.get_by_label("Expiration Date"), page.get_by_label("Expiration", exact=True)
    for label in ("30 days", "Custom", "Never", "Custom", "1 year"):
        expiration.select_option(label=label)
        assert date.is_enabled() is (label == "Custom")
        if label == "Custom":
            date.fill("2001-01-01")
    fill_token(page, "a", "90 days")  # the date that was left in the field is none
    shown_token(page)


def test_a_past_date_no_date_and_no_name_are_refused_beside_the_field(console: Console) -> None:
    console.pages.allow(400)
    page = console.signed_in()
    press(page, "Create API Token", "link")
    for date, said in {ahead(-1): "The date must lie ahead.", "": "Choose a date."}.items():
        fill_token(page, "backup", "Custom", date)
        assert beside(page, "date") == said
        assert page.get_by_label("Expiration Date").input_value() == date  # what was right is there still
        assert page.get_by_label("Token Name").input_value() == "backup"
        assert page.locator("[name=name]").get_attribute("aria-invalid") is None
        assert page.title() == "Error: My Profile · Gatepass"
        page.get_by_label("Expiration Date").fill("")
    fill_token(page, " ", "Never")
    assert beside(page, "name") == "A name has 1 to 100 characters and no control characters."
    assert page.get_by_label("Token Name").evaluate("field => field === document.activeElement")
    assert console.sql("SELECT COUNT(*) FROM auth_tokens WHERE kind = 'personal'").strip() == "0"
    fill_token(page, "backup", "Never")
    shown_token(page)


def test_a_name_that_is_taken_is_refused_beside_the_field_until_it_is_free(console: Console) -> None:
    console.pages.allow(400)
    page = console.signed_in()
    new_token(page, "backup")
    press(page, "Done", "link")
    press(page, "Create API Token", "link")
    fill_token(page, "Backup", "30 days")
    assert beside(page, "name") == "You have a live token of this name. Choose another name."
    press(page, "Cancel", "link")
    assert not page.get_by_role("dialog").is_visible()

    row(page, "backup").get_by_role("link", name="Revoke").click()
    press(page, "Revoke")
    new_token(page, "Backup")


def test_a_token_is_seen_once_and_never_again(console: Console) -> None:
    console.pages.allow(400, "ERR_CACHE_MISS")
    page = console.signed_in()
    token = new_token(page, "backup")
    assert page.content().count(token) == 1
    page.reload()  # which sends the form once more
    assert token not in page.content() and beside(page, "name").startswith("You have a live token of this name.")

    second = new_token(page, "backup 2")
    other = page.context.new_page()
    for path in ("/console/profile/", "/console/tokens/new/", "/console/devices/"):
        other.goto(path)
        assert second not in other.content()
    press(page, "Done", "link")
    page.wait_for_url("**/console/profile/#tokens")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # Chromium has kept nothing, and asks before it sends again
        page.go_back()
    expect(page).to_have_url("chrome-error://chromewebdata/")
    assert second not in page.content()
    page.go_forward()
    assert heading(page) == "My Profile" and second not in page.content()
    assert console.hello(token) == console.hello(second) == 200


def test_a_token_is_copied_by_its_button(console: Console) -> None:
    page = console.signed_in()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    token = new_token(page, "backup")
    press(page, "Copy")
    expect(page.get_by_role("status")).to_have_text("Copied")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token


def test_a_token_is_good_for_curl_until_it_is_revoked(console: Console) -> None:
    page = console.signed_in()
    token, other = new_token(page, "backup"), new_token(page, "another")
    assert console.hello(token) == 200 and console.verify(token) == 401
    press(page, "Done", "link")
    row(page, "backup").get_by_role("link", name="Revoke").click()
    assert heading(page) == "Revoke this token?" and page.locator("main bdi").inner_text() == "backup"
    press(page, "Cancel", "link")
    assert console.hello(token) == 200

    row(page, "backup").get_by_role("link", name="Revoke").click()
    press(page, "Revoke")
    assert notice(page) == "The token was revoked. It is refused from now on."
    assert [name for name, *_ in rows(page, TABLE)] == ["another"]
    assert (console.hello(token), console.hello(other)) == (401, 200)
    page.reload()
    assert not page.locator(".notice").is_visible()  # said once


def test_of_a_token_that_was_used_no_page_says_not_yet(console: Console) -> None:
    page = console.signed_in()
    assert console.hello(new_token(page, "backup")) == 200
    press(page, "Done", "link")

    def is_said() -> bool:
        page.reload()
        return rows(page, TABLE)[0][3] != "Not yet"

    until(is_said, "the use that was noted in a request is written, a second later")


def test_of_a_double_click_the_token_is_shown(console: Console) -> None:
    page = console.signed_in()
    press(page, "Create API Token", "link")
    page.get_by_label("Token Name").fill("backup")
    page.get_by_role("button", name="Create", exact=True).dblclick()
    expect(page.get_by_role("heading", name="API token created")).to_be_visible()
    assert console.hello(shown_token(page)) == 200
    assert console.sql("SELECT COUNT(*) FROM auth_tokens WHERE kind = 'personal'") == "1\n"
