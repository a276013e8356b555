"""Overview in a browser: bars are read by keys and touch, and the page renews itself without disturbing anybody."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import serve
from tests.e2e.console import Console, heading

REFRESH = 30_000
"""The milliseconds between two refreshes."""

HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def boss(console: Console) -> Callable[..., Page]:
    """Opens Overview for an administrator, with a clock that only the test moves."""

    def opened(path: str = "", **wanted: str) -> Page:
        if not console.sql("SELECT 1 FROM users WHERE username = 'boss'"):
            console.add("boss", is_admin=True)
        page = console.signed_in("boss", **wanted)
        page.clock.install()
        page.goto(f"/console/overview/{path}")
        return page

    return opened


def logins(console: Console, number: int, ago: int = 0, door: str = "devicehive") -> None:
    hour = time.strftime("%Y-%m-%d %H:00:00", time.gmtime(time.time() - ago * 3600))
    again = f"ON DUPLICATE KEY UPDATE logins = {number}"
    console.sql(f"INSERT INTO login_stats VALUES ('{hour}', '{door}', 'ok', {number}) {again}")


def renewed(page: Page) -> None:
    """Let half a minute pass, and wait for the answer of the refresh."""
    with page.expect_response(lambda answer: "/console/overview/" in answer.url) as answer:
        page.clock.run_for(REFRESH)
    assert answer.value.request.headers["x-gatepass-refresh"] == "1"


def shown(page: Page, panel: str = "ok") -> str:
    """The values that are seen below the bars."""
    return "".join(page.locator(f".chart:has([name=bar-{panel}]) .said").evaluate_all(
        "all => all.filter((each) => getComputedStyle(each).opacity === '1').map((each) => each.innerText)"
    ))


def test_the_bars_are_read_by_the_arrow_keys(console: Console, boss: Callable[..., Page]) -> None:
    logins(console, 7, ago=1)
    page = boss()
    assert "not over yet" in shown(page)
    page.locator("[name=bar-ok]:checked").focus()
    for _ in range(2):  # two, if the hour has turned
        if not shown(page).endswith(": 7 logins"):
            page.keyboard.press("ArrowLeft")
    assert shown(page).endswith(": 7 logins") and "not over yet" in shown(page, "refused")
    name = page.locator("[name=bar-ok]:checked").evaluate("bar => bar.closest('label').innerText")
    assert name.endswith(": 7 logins")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "bar-refused", "a plot is one stop of the tab key"


def test_the_bars_are_read_by_touch_and_by_hovering(console: Console, boss: Callable[..., Page]) -> None:
    logins(console, 7, ago=1)
    page = boss(size="phone")
    bar = page.locator(".slot:has([name=bar-ok])").filter(has_text=": 7 logins")
    box = bar.bounding_box()
    assert box and box["width"] >= 24 and 0 <= box["x"] <= 390, "wide enough for a finger, and in sight"
    bar.tap()
    assert shown(page).endswith(": 7 logins")
    page = boss()
    page.locator(".slot:has([name=bar-ok])").filter(has_text=": 7 logins").hover()
    assert shown(page).endswith(": 7 logins")
    page.locator("h1").hover()
    assert "not over yet" in shown(page)


def test_what_is_focused_open_chosen_and_selected_stays_when_the_page_renews_itself(
    console: Console, boss: Callable[..., Page]
) -> None:
    logins(console, 5, door="console")
    page = boss("?range=7d")
    page.get_by_text("Show the numbers").click()
    page.locator(".slot:nth-child(5)").first.click()
    said = shown(page)
    link = page.get_by_role("link", name="Web console").first
    link.focus()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#by-door'))")
    page.evaluate("document.querySelector('h1').dataset.mark = '1'")
    place = page.evaluate("scrollY")
    logins(console, 41)
    renewed(page)
    first = page.get_by_role("table", name="By door").get_by_role("row").nth(1).locator("th, td")
    expect(first.nth(0)).to_have_text("DeviceHive")
    expect(first.nth(1)).to_have_text("41")
    assert page.locator("details.numbers[open]").count() == 1 and shown(page) == said
    assert page.evaluate("document.activeElement.innerText") == "Web console", "though its row is another now"
    assert page.evaluate("getSelection().toString()").startswith("By door") and page.evaluate("scrollY") == place
    assert page.locator("h1[data-mark]").count() == 1 and page.url.endswith("?range=7d")
    console.sql("DELETE FROM login_stats WHERE door = 'devicehive'")  # the hour may have turned
    logins(console, 99)
    renewed(page)
    expect(first.nth(1)).to_have_text("99")


def test_a_list_grows_and_shrinks(console: Console, boss: Callable[..., Page]) -> None:
    page = boss()
    expect(page.get_by_text("No login failed")).to_be_visible()
    values = "'login.failed', '192.0.2.{}', UNIX_TIMESTAMP()"
    for number in (1, 2, 3):
        console.sql(f"INSERT INTO events (event, address, time, times) VALUES ({values.format(number)}, {number})")
    renewed(page)
    addresses = page.get_by_role("table", name="Failing addresses").locator("tbody .first")
    expect(addresses).to_have_text(["192.0.2.3", "192.0.2.2", "192.0.2.1"])
    page.get_by_role("link", name="Pardon: 192.0.2.1").focus()
    console.sql("DELETE FROM events WHERE address = '192.0.2.3'; UPDATE events SET times = 9 WHERE address LIKE '%.1'")
    renewed(page)
    expect(addresses).to_have_text(["192.0.2.1", "192.0.2.2"])
    assert page.evaluate("document.activeElement.ariaLabel") == "Pardon: 192.0.2.1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/pardon/**")
    assert heading(page) == "Pardon this address?" and "192.0.2.1" in page.locator("main").inner_text()


def test_a_tab_that_is_not_seen_asks_for_nothing_and_is_renewed_when_it_is_seen_again(
    console: Console, boss: Callable[..., Page]
) -> None:
    page = boss()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(HIDE, True)
    page.clock.run_for(10 * REFRESH)
    assert asked == []
    logins(console, 41)
    with page.expect_response(lambda answer: "/console/overview/" in answer.url):
        page.evaluate(HIDE, False)
    expect(page.get_by_role("table", name="By door")).to_contain_text("41")
    renewed(page)


def test_when_the_session_has_ended_the_page_says_since_when_it_is_old_and_stops(
    console: Console, boss: Callable[..., Page]
) -> None:
    console.pages.allow("Failed to fetch", "failed request", "net::ERR_FAILED")
    page = boss()
    console.sql("DELETE FROM auth_tokens WHERE kind = 'console'")
    page.clock.run_for(REFRESH)
    stale = page.locator("#stale")
    expect(stale).to_be_visible()
    as_of = page.locator("[data-renewed=time]").inner_text().removeprefix("As of ")
    assert stale.inner_text() == f"Not refreshed since {as_of}. Reload the page." and heading(page) == "Overview"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(10 * REFRESH)
    assert asked == []


def test_when_the_server_is_down_too(console: Console, tmp_path: Path) -> None:
    console.pages.allow("ERR_CONNECTION_REFUSED")
    console.add("boss", is_admin=True)
    own = serve(tmp_path / "own.log", console.server)
    try:
        page = Console(own, console.server, console.pages).signed_in("boss")
        page.clock.install()
        page.goto("/console/overview/")
    finally:
        own.stop()
    page.clock.run_for(REFRESH)
    expect(page.locator("#stale")).to_be_visible()


def test_a_former_administrator_is_told_that_the_page_is_old(console: Console, boss: Callable[..., Page]) -> None:
    console.pages.allow(404)
    page = boss()
    console.sql("UPDATE users SET is_admin = 0")
    page.clock.run_for(REFRESH)
    expect(page.locator("#stale")).to_be_visible()
