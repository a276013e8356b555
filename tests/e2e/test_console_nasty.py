"""Pins that whatever a name holds is text wherever it is shown: no script runs, no tag begins, nothing is lost."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.e2e.console import OWNER, Console, beside, heading, new_token, notice, press
from tests.e2e.console_data import ADMINISTRATOR, Filled
from tests.e2e.nasty_texts import NASTY

ALIEN = "document.querySelectorAll('img[src=x], main script, [onerror]').length"


def is_unharmed(page: Page) -> bool:
    """Nothing of a name has become a tag or was run. (A dialog would stay open, and the test would hang.)"""
    return page.title().endswith(" · Gatepass") and page.evaluate(ALIEN) == 0


def names(page: Page) -> set[str]:
    """The texts on the page that people chose."""
    assert is_unharmed(page)
    found: list[str] = page.locator("bdi").evaluate_all("all => all.map(each => each.textContent)")
    return set(found)


def test_rows_of_a_database_are_shown_as_they_are(full_console: Console, filled: Filled) -> None:
    page = full_console.signed_in("ayse.yilmaz")
    page.goto("/console/devices/")
    assert names(page) > set(NASTY)
    tokens = set()
    for number in (1, 2, 3):
        page.goto(f"/console/profile/?page={number}")
        tokens |= names(page)
    assert tokens > {text[:100] for text in NASTY}
    for link in page.locator("a[href$='/revoke/']").evaluate_all("all => all.slice(0, 3).map(each => each.href)"):
        page.goto(link)
        assert names(page) & tokens

    boss = full_console.signed_in(ADMINISTRATOR)
    boss.goto("/console/overview/")
    assert names(boss) > {text[:30] for text in NASTY[:3]}  # who must wait
    for at, text in enumerate(NASTY):
        boss.goto(f"/console/users/?search={quote(text[:30])}")
        assert text[:30].rstrip() in names(boss)
        boss.goto(f"/console/users/{filled.nasty + at}/")
        assert heading(boss).strip() and text[:100] in names(boss)
    boss.goto(f"/console/users/{filled.nasty + 1}/disable/")
    assert NASTY[1][:30] in names(boss)
    boss.goto(f"/console/users/{filled.owner}/")
    assert names(boss) > set(NASTY)


def test_a_name_that_is_typed_in_is_kept_or_refused_and_never_more_than_text(console: Console) -> None:
    console.pages.allow(400)
    page, kept = console.signed_in(), set()
    for text in NASTY:
        page.get_by_label("Full Name").fill(text[:100])
        typed = page.get_by_label("Full Name").input_value()
        press(page, "Save")
        assert is_unharmed(page) and page.get_by_label("Full Name").input_value() == typed
        if page.locator("[aria-invalid]").count():
            assert beside(page, "full_name") == "At most 100 characters, without control characters."
        else:
            assert notice(page) == "Your profile was saved." and page.locator("summary bdi").text_content() == typed
            kept.add(text)
    assert set(NASTY) - kept == {NASTY[4], NASTY[8]}  # what turns the text around, and control characters


@pytest.mark.parametrize("text", [NASTY[0], NASTY[1], "📱" * 100])
def test_a_token_is_called_what_its_owner_wants(console: Console, text: str) -> None:
    page = console.signed_in()
    token = new_token(page, text)
    assert names(page) == {OWNER, text} and console.hello(token) == 200
    press(page, "Done", "link")
    assert names(page) == {OWNER, text}
    press(page, f"Revoke: {text}", "link")
    assert names(page) == {OWNER, text}
    press(page, "Revoke")
    assert notice(page) == "The token was revoked. It is refused from now on." and console.hello(token) == 401


def test_what_is_typed_into_a_form_comes_back_as_text(console: Console) -> None:
    console.pages.allow(400, 403)
    console.add("boss", is_admin=True)
    stranger, boss = console.page(), console.signed_in("boss")
    boss.goto("/console/users/")
    reflect: tuple[tuple[Page, str, str], ...] = (
        (stranger, "Username", "Sign in"),
        (boss, "Username begins with", "Search"),
    )
    stranger.goto("/console/sign-in/?next=/console/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    for text in (*NASTY[:3], NASTY[7]):
        for page, label, button in reflect:
            page.get_by_label(label).fill(text)
            press(page, button)
            assert is_unharmed(page) and page.get_by_label(label).input_value() == text
    for path in ("sign-in/?done=<script>alert(1)</script>", "sign-in/?next=javascript:alert(1)", "%3Cscript%3E/"):
        console.pages.allow(404)
        stranger.goto(f"/console/{path}")
        assert is_unharmed(stranger) and "alert" not in stranger.locator("body").inner_text()
