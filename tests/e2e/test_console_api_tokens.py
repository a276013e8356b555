"""Tokens and Activity in a browser, with and without JavaScript: several tokens revoked, and "was that me?"."""

import pytest
from playwright.sync_api import expect

from tests.e2e.console import OWNER, Console, heading, new_token, notice, press, row, rows
from tests.e2e.faults import until

pytestmark = pytest.mark.usefixtures("curl")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_administrator_revokes_several_and_their_owner_sees_it(console: Console, javascript: bool) -> None:
    console.add("boss", is_admin=True)
    owner = console.signed_in(javascript=javascript)
    texts = [new_token(owner, f"nightly {number}") for number in (1, 2, 3)]
    page = console.signed_in("boss", javascript=javascript)
    press(page, "Tokens", "link")
    assert heading(page) == "API tokens" and [each[1] for each in rows(page, "API tokens")] == [OWNER] * 3
    press(page, "Revoke selected")
    assert notice(page) == "Nothing was revoked: first tick the tokens in the list."
    press(page, "Never expire", "link")
    for name in ("nightly 1", "nightly 3"):
        page.get_by_role("checkbox", name=name).check()
    press(page, "Revoke selected")
    assert heading(page) == "Revoke these API tokens?"
    asked = page.locator("ul.named").inner_text()
    assert "nightly 1" in asked and "nightly 3" in asked and "nightly 2" not in asked
    assert [console.hello(text) for text in texts] == [200] * 3
    press(page, "Revoke")
    assert notice(page) == "The tokens were revoked. They are refused from now on."
    expect(page).to_have_url(console.url("/console/tokens/?filter=never"))
    assert [console.hello(text) for text in texts] == [401, 200, 401]

    def told() -> list[str]:
        owner.goto("/console/activity/")
        return [each[0] for each in rows(owner, "Activity")]

    wanted = [f"API token nightly {number} revoked\nby an administrator" for number in (3, 1)]
    until(lambda: sorted(told()[:2], reverse=True) == wanted, "the activity log has it")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sign_in_that_was_not_me_is_signed_out(console: Console, javascript: bool) -> None:
    phone = console.phone("Strange phone")
    page = console.signed_in(javascript=javascript)

    def listed() -> bool:
        page.goto("/console/activity/")
        return page.locator("tbody tr").filter(has_text="Strange phone").count() == 1

    until(listed, "the activity log has it")
    assert console.verify(phone) == 200
    row(page, "Strange phone").get_by_role("button").click()
    page.wait_for_load_state()
    assert heading(page) == "Activity" and notice(page) == "The device was signed out."
    assert console.verify(phone) == 401 and row(page, "Signed in on Strange phone").get_by_role("button").count() == 0


def test_a_token_gets_another_name(console: Console) -> None:
    page = console.signed_in()
    text = new_token(page, "nihgtly")
    press(page, "Done", "link")
    page.get_by_role("link", name="Rename: nihgtly").click()
    page.get_by_label("Token Name").fill("nightly")
    press(page, "Rename")
    assert notice(page) == "The token was renamed." and console.hello(text) == 200
    assert rows(page, "Personal API Access Tokens")[0][0] == "nightly"
