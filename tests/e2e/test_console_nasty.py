"""Whatever a name holds is text wherever it is shown: no script runs, no tag begins, nothing is lost."""

from urllib.parse import quote

from playwright.sync_api import Page

from tests.e2e.console import Console, heading
from tests.e2e.console_data import ADMINISTRATOR, OWNER
from tests.e2e.nasty_texts import NASTY
from v1.doors.console.wording import visible

ALIEN = "document.querySelectorAll('img[src=x], main script, [onerror]').length"


def is_unharmed(page: Page) -> bool:
    """Nothing of a name has become a tag or was run. (A dialog would stay open, and the test would hang.)"""
    return page.title().endswith(" · Gatepass") and page.evaluate(ALIEN) == 0


def names(page: Page) -> set[str]:
    """The texts on the page that people chose."""
    assert is_unharmed(page)
    found: list[str] = page.locator("bdi").evaluate_all("all => all.map(each => each.textContent)")
    return set(found)


def test_rows_of_a_database_are_shown_as_they_are(full_console: Console) -> None:
    page = full_console.signed_in(OWNER)
    page.goto("/console/devices/")
    assert names(page) > set(map(visible, NASTY))
    tokens = set()
    for number in (1, 2, 3):
        page.goto(f"/console/profile/?page={number}")
        tokens |= names(page)
    assert tokens > {visible(text[:100]) for text in NASTY}
    page.goto("/console/profile/")  # the newest, whose names are nasty
    links = page.locator("a[href*='/revoke/']").evaluate_all("all => all.slice(0, 3).map(each => each.href)")
    assert len(links) == 3
    for link in links:
        page.goto(link)
        assert names(page) & {visible(text[:100]) for text in NASTY}

    boss = full_console.signed_in(ADMINISTRATOR)
    boss.goto("/console/overview/")
    assert names(boss) > {visible(text[:30]) for text in NASTY[:3]}  # who must wait
    for at, text in enumerate(NASTY):
        boss.goto(f"/console/users/?search={quote(text[:30])}")
        assert visible(text[:30].rstrip()) in names(boss)
        boss.goto(f"/console/users/{3 + at}/")
        assert heading(boss).strip() and visible(text[:100]) in names(boss)
    boss.goto("/console/users/4/disable/")
    assert visible(NASTY[1][:30]) in names(boss)
    boss.goto("/console/users/2/")
    assert names(boss) > set(map(visible, NASTY))
