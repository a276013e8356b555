"""Pins that Overview shows what the tables hold, of 10,000 users and a month of logins."""

import time

from playwright.sync_api import Page

from tests.e2e.console import Console, rows
from tests.e2e.console_data import ADMINISTRATOR

HOUR, DAY = 3600, 86_400
COLUMNS = ("ok", "failed", "throttled")
HEIGHTS = "(bars, kind) => bars.map(bar => bar.querySelector(`rect.${kind}`)?.height.baseVal.value ?? 0)"


def overview(console: Console) -> tuple[Page, int]:
    """The page, and when that was: in an hour that did not end meanwhile."""
    page = console.signed_in(ADMINISTRATOR)
    while True:
        began = int(time.time())
        page.goto("/console/overview/")
        if int(time.time()) // HOUR == began // HOUR:
            return page, began


def counted(console: Console, first: int, step: int, bars: int) -> list[list[int]]:
    """What login_stats has for each of so many hours or days from `first` on, the latest first."""
    found = [dict.fromkeys((*COLUMNS, "errors"), 0) for _ in range(bars)]
    columns = "TIMESTAMPDIFF(SECOND, '1970-01-01', hour), outcome, SUM(logins)"
    for line in console.sql(f"SELECT {columns} FROM login_stats GROUP BY hour, outcome").splitlines():
        hour, outcome, logins = line.split("\t")
        at = (int(hour) - first) // step
        if 0 <= at < bars:
            found[at][outcome if outcome in COLUMNS else "errors"] += int(logins)
    return [list(bar.values()) for bar in reversed(found)]


def test_the_plots_and_their_numbers_are_those_of_login_stats(full_console: Console) -> None:
    page, now = overview(full_console)
    for title, bars, step in (("Logins per hour, last 24 hours", 24, HOUR), ("Logins per day, last 30 days", 30, DAY)):
        first = now // step * step - (bars - 1) * step
        page.locator("section", has_text=title).get_by_text("Show the numbers").click()
        shown = [[int(each.replace(",", "")) for each in line[1:]] for line in rows(page, title)]
        # This hour's own may grow while we look: what is written is written a second later.
        assert shown[1:] == counted(full_console, first, step, bars)[1:] and len(shown) == bars
        ok, refused = [line[0] for line in shown], [sum(line[1:]) for line in shown]
        for kind, numbers in (("ok", ok), ("refused", refused)):
            heights = page.locator(f"svg[aria-label^='{title}'] g").evaluate_all(HEIGHTS, kind)[::-1]
            unit = max(heights) / max(numbers)
            far = [each for each in zip(heights, numbers, strict=True) if abs(each[0] - each[1] * unit) > 0.2]
            assert far == [], kind


def test_live_sessions_devices_and_who_must_wait_are_those_of_the_tables(full_console: Console) -> None:
    page, now = overview(full_console)
    live = full_console.sql(f"SELECT kind, COUNT(*) FROM auth_tokens WHERE expiry > {now + 60} GROUP BY kind")
    shown = {kind: int(number.replace(",", "")) for kind, number in rows(page, "Live sessions by kind")}
    assert sorted(shown.values()) == sorted(int(line.split("\t")[1]) for line in live.splitlines())
    assert page.locator(".big").inner_text() == f"{sum(shown.values()):,}"
    assert len(rows(page, "Top devices")) == 10
    waiting = [address for what, _, address, *_ in rows(page, "Throttled now") if what == "Address"]
    assert waiting == ["203.0.113.9", "2001:db8:1:2::"]  # who waits longest comes first
