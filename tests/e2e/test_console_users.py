"""The list of users in a browser: a table, and on a phone rows that lead to the user wherever they are tapped."""

from playwright.sync_api import Locator, Page

from tests.e2e.console import OWNER, Console, heading, press, row, rows


def height(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["height"]


def tap(page: Page, row: Locator, across: float, down: float) -> None:
    """Click at that part of the row's width and height."""
    box = row.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def test_a_row_on_a_phone_has_two_lines_and_is_tappable_as_a_whole(console: Console) -> None:
    boss = console.add("boss", is_admin=True)
    console.phone("Phone")
    page = console.signed_in("boss", size="phone")
    for across, down in ((0.02, 0.5), (0.98, 0.9), (0.98, 0.1), (0.5, 0.7)):
        page.goto("/console/users/")
        assert height(row(page, OWNER)) < 75
        tap(page, row(page, OWNER), across, down)
        page.wait_for_url(lambda url: url.rstrip("/")[-1].isdecimal() and not url.endswith(f"/{boss}/"))
        assert heading(page) == OWNER


def test_an_app_leads_to_its_users_and_a_filter_keeps_the_app(console: Console) -> None:
    boss, other = console.add("boss", is_admin=True), console.add("other")
    page = console.signed_in("boss", javascript=False)
    events = ", ".join(f"(UNIX_TIMESTAMP(), 'login.ok', {user}, 'A/1')" for user in (boss, other))
    console.sql(f"INSERT INTO events (time, event, user_id, app) VALUES {events}")
    page.goto("/console/users/")
    press(page, "App versions", "link")
    press(page, "A 1", "link")
    assert [name for name, *_ in rows(page, "Users")] == ["boss", "other"]
    page.get_by_label("Show").select_option(label="Administrators")
    press(page, "Search")
    assert [name for name, *_ in rows(page, "Users")] == ["boss"] and "app=A%2F1" in page.url
