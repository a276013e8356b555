"""Pins Devices and the password in a browser: whoever is signed out elsewhere is out, and nobody else is."""

import pytest

from tests.e2e.console import NEW_PASSWORD, OWNER, Console, beside, heading, new_token, notice, press, row, rows

pytestmark = pytest.mark.usefixtures("curl")


def test_a_lost_phone_is_signed_out_and_its_token_dead(console: Console) -> None:
    lost, kept = console.phone("Lost phone"), console.phone("Kept phone")
    page = console.signed_in()
    press(page, "Devices", "link")
    found = {device.split("\n")[0]: (device, address) for device, address, *_ in rows(page, "Devices")}
    assert found.keys() == {"Lost phone", "Kept phone", "Chrome, Linux"}
    assert [name for name, (device, _) in found.items() if "This one" in device] == ["Chrome, Linux"]
    assert {address for _, address in found.values()} == {"127.0.0.1"}
    assert (console.verify(lost), console.verify(kept)) == (200, 200)

    press(page, "Sign out: Lost phone")
    assert notice(page) == "The device was signed out."
    assert not row(page, "Lost phone").is_visible() and row(page, "Kept phone").is_visible()
    assert (console.verify(lost), console.verify(kept)) == (401, 200)


def test_all_others_are_signed_out_but_this_one_and_programs(console: Console) -> None:
    console.add("can")
    phones, stranger = [console.phone(f"Phone {each}") for each in range(2)], console.phone("Phone", "can")
    elsewhere, page = console.signed_in(), console.signed_in()
    token = new_token(page, "backup")
    page.goto("/console/devices/")
    press(page, "Sign out all others", "link")
    assert heading(page) == "Sign all other devices out?"
    press(page, "Cancel", "link")
    assert len(rows(page, "Devices")) == 4
    press(page, "Sign out all others", "link")
    press(page, "Sign out all others")
    assert notice(page) == "All other devices were signed out."
    ((device, *_),) = rows(page, "Devices")
    assert "This one" in device
    assert [console.verify(phone) for phone in (*phones, stranger)] == [401, 401, 200]
    assert console.hello(token) == 200
    elsewhere.get_by_role("navigation").get_by_role("link", name="My Profile").click()
    assert (heading(elsewhere), notice(elsewhere)) == (
        "Sign in to Gatepass",
        "Your session has ended. Please sign in again.",
    )


def test_this_device_is_signed_out_like_any_other(console: Console) -> None:
    page = console.signed_in()
    page.goto("/console/devices/")
    row(page, "This one").get_by_role("button").click()
    assert (heading(page), notice(page)) == ("Sign in to Gatepass", "You are signed out.")


def change_password(console: Console, others: bool) -> tuple[str, str, str, str]:
    """Change it; what this browser says then, another one at its next click, and what a phone and a program get."""
    phone, elsewhere, page = console.phone("Phone"), console.signed_in(), console.signed_in()
    token = new_token(page, "backup")
    page.goto("/console/profile/")
    page.get_by_label("Current password").fill("password")
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password again").fill(NEW_PASSWORD)
    page.get_by_label("Sign all my other devices out").set_checked(others)
    press(page, "Change password")
    elsewhere.get_by_role("navigation").get_by_role("link", name="Devices").click()
    return notice(page), heading(elsewhere), str(console.verify(phone)), str(console.hello(token))


def test_a_new_password_signs_the_others_out(console: Console) -> None:
    said = "Your password was changed, and every other device was signed out."
    assert change_password(console, others=True) == (said, "Sign in to Gatepass", "401", "200")
    assert heading(console.signed_in(password=NEW_PASSWORD)) == "My Profile"


def test_or_leaves_them_alone(console: Console) -> None:
    assert change_password(console, others=False) == ("Your password was changed.", "Devices", "200", "200")
    console.pages.allow(403)
    page = console.page()
    page.goto("/console/")
    page.get_by_label("Username").fill(OWNER)
    page.get_by_label("Password").fill("password")
    press(page, "Sign in")
    assert page.get_by_role("alert").inner_text() == "The username or the password is wrong."


def test_a_password_that_will_not_do_is_refused_beside_its_field(console: Console) -> None:
    console.pages.allow(400, 403)
    page = console.signed_in()
    for current, new, again, field, said in (
        ("", NEW_PASSWORD, NEW_PASSWORD, "current", "Enter your current password."),
        ("wrong", NEW_PASSWORD, NEW_PASSWORD, "current", "This is not your current password."),
        ("password", "short", "short", "new", "At least 8 characters."),
        ("password", "password", "password", "new", "This is your current password."),
        ("password", NEW_PASSWORD, NEW_PASSWORD + "x", "again", "The two are not the same."),
    ):
        page.get_by_label("Current password").fill(current)
        page.get_by_label("New password", exact=True).fill(new)
        page.get_by_label("New password again").fill(again)
        press(page, "Change password")
        assert beside(page, field) == said
        assert page.locator("[aria-invalid]").count() == 1
    assert heading(console.signed_in()) == "My Profile"
