"""What a browser and its script do with a personal token: the dialog, the one look at it, the button that copies it."""

import os
import subprocess

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.console import Console, beside, fill_token, heading, new_token, press, shown_token

pytestmark = pytest.mark.usefixtures("curl")


def test_the_date_is_there_for_custom_alone(console: Console) -> None:
    page = console.signed_in()
    press(page, "Create API Token", "link")
    date, expiration = page.get_by_label("Expiration Date"), page.get_by_label("Expiration", exact=True)
    for label in ("30 days", "Custom", "Never", "Custom", "1 year"):
        expiration.select_option(label=label)
        assert date.is_enabled() is date.is_visible() is (label == "Custom")
        said = page.locator("#expires")
        assert said.is_visible() is (label != "Custom")
        begins = {"Never": "It is good until", "Custom": ""}.get(label, "Expires ")
        assert (said.text_content() or "").startswith(begins)
        if label == "Custom":
            date.fill("2001-01-01")
    fill_token(page, "a", "90 days")  # the date that was left in the field is none
    shown_token(page)


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


def test_the_example_works_as_it_is_copied(console: Console) -> None:
    """The shell runs the copied line, and is given the token when it asks for it."""
    page = console.signed_in()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    token = new_token(page, "tried")
    press(page, "Copy the example")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert token not in copied and "\n" not in copied
    for given, answer in ((token, "Hello world"), ("gpp_of_nobody", "unauthorized_client")):
        words = ["bash", "-c", copied]
        environ = os.environ | {"no_proxy": "*"}
        done = subprocess.run(words, input=f"{given}\n", env=environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and answer in done.stdout, done.stderr


def test_of_a_double_click_the_token_is_shown(console: Console) -> None:
    page = console.signed_in()
    press(page, "Create API Token", "link")
    page.get_by_label("Token Name").fill("backup")
    page.get_by_role("button", name="Create", exact=True).dblclick()
    expect(page.get_by_role("heading", name="API token created")).to_be_visible()
    assert console.hello(shown_token(page)) == 200
    assert console.sql("SELECT COUNT(*) FROM auth_tokens WHERE kind = 'personal'") == "1\n"
