"""Overview: its numbers are those of the rows, its plots show the same, and it tells who must wait."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.auth.test_throttle import limited
from tests.conftest import NOW, Service
from tests.doors.console.pages_read import rows
from tests.doors.console.signed_in import Browser, administrator, user_id, visitor
from tests.doors.contract import MakeService
from tests.doors.kinds import KINDS, PHONE, mint
from v1.auth.write_behind import WriteBehind
from v1.doors.console.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Count, ceiling, plot

PATH = "/console/overview/"


@pytest.fixture
def browser(service: Service, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """An administrator's, whose own sign-in is counted nowhere."""
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)
    return administrator(service)


HOURS, DAYS = "Logins per hour, last 24 hours", "Logins per day, last 30 days"


def table(response: TestResponse, caption: str) -> list[list[str]]:
    """The rows of the table that is called so, but for its head."""
    return rows(response, caption)[1:]


def stats(service: Service, *cells: tuple[str, str, int]) -> None:
    """So many logins of that outcome in the hour that begins then."""
    for number, (hour, outcome, logins) in enumerate(cells):
        values = f"'{hour}:00:00', 'door {number}', '{outcome}', {logins}"
        service.server.sql(f"INSERT INTO login_stats VALUES ({values})", "gatepass")


def test_the_last_24_hours_are_told_by_the_hour_from_now_on_back(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 1200), ("2023-11-14 22", "ok", 34), ("2023-11-14 22", "failed", 5))
    stats(service, ("2023-11-14 00", "throttled", 6), ("2023-11-14 00", "busy", 7), ("2023-11-14 00", "error", 8))
    service.server.sql("UPDATE login_stats SET door = CONCAT(outcome, door)", "gatepass")
    stats(service, ("2023-11-13 23", "ok", 9), ("2023-11-13 22", "ok", 1000), ("2023-11-14 23", "ok", 2000))
    listed = table(browser.get(PATH), HOURS)
    hours = [f"14 Nov, {hour:02}:00" for hour in range(22, -1, -1)] + ["13 Nov, 23:00"]
    assert [row[0] for row in listed] == hours
    filled = {row[0][8:]: row[1:] for row in listed if row[1:] != ["0"] * 4}
    assert filled == {"22:00": ["1,234", "5", "0", "0"], "00:00": ["0", "0", "6", "15"], "23:00": ["9", "0", "0", "0"]}


def test_the_last_30_days_are_told_by_the_day_in_utc(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 00", "ok", 1), ("2023-11-14 22", "ok", 2), ("2023-11-13 23", "failed", 3))
    stats(service, ("2023-10-16 00", "ok", 4), ("2023-10-15 23", "ok", 1000), ("2023-11-15 00", "ok", 2000))
    listed = table(browser.get(PATH), DAYS)
    assert (len(listed), listed[0], listed[1]) == (30, ["14 Nov", "3", "0", "0", "0"], ["13 Nov", "0", "3", "0", "0"])
    assert listed[-1] == ["16 Oct", "4", "0", "0", "0"]
    assert sum(int(number) for row in listed for number in row[1:]) == 10


def test_with_the_hour_the_plot_moves_on(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 7), ("2023-11-13 23", "ok", 9))
    service.clock.now = NOW + 2799  # 22:59:59
    browser.sign_in()
    assert [row[1] for row in table(browser.get(PATH), HOURS)][::23] == ["7", "9"]
    service.clock.now += 1
    shown = table(browser.get(PATH), HOURS)
    ends = [shown[number][:2] for number in (0, 1, -1)]
    assert ends == [["14 Nov, 23:00", "0"], ["14 Nov, 22:00", "7"], ["14 Nov, 00:00", "0"]]


def test_the_bars_say_the_same_as_the_numbers(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 40), ("2023-11-14 22", "failed", 10), ("2023-11-14 21", "ok", 25))
    text = browser.get(PATH).text
    assert "<title>22:00: 40 logins, 10 failures</title>" in text
    assert "<title>21:00: 25 logins, 0 failures</title>" in text
    first = text[: text.index("</svg>")]
    heights = [float(each) for each in re.findall(r'<rect class="ok"[^>]* height="([\d.]+)"', first)]
    (refused,) = re.findall(r'<rect class="refused"[^>]* height="([\d.]+)"', first)
    assert heights[1] / heights[0] == pytest.approx(40 / 25, rel=0.02)
    assert heights[1] / float(refused) == pytest.approx(4, rel=0.02)


def test_nothing_yet_is_no_error_and_says_what_will_be_here(browser: Browser) -> None:
    answer = browser.get(PATH)
    assert len(table(answer, HOURS)) == 24 and '<rect class="ok"' not in answer.text


def test_live_sessions_are_counted_by_their_kind_and_expired_ones_are_not(service: Service, browser: Browser) -> None:
    for kind in (*KINDS, "mobile", "mobile"):
        mint(service, kind)
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE kind = 'management'", "gatepass")
    answer = browser.get(PATH)
    listed = dict(table(answer, "Live sessions by kind"))
    assert listed == {
        **{"Mobile app": "3", "Server's API token": "3", "DeviceHive access": "2", "DeviceHive session": "2"},
        **{"Web console": "2", "Personal API token": "1", "Stream": "1"},
    }
    assert f'<p class="big">{sum(map(int, listed.values()))}</p>' in " ".join(answer.text.split())


def test_the_devices_with_the_most_sessions_are_told_with_their_users(service: Service, browser: Browser) -> None:
    for username in ("admin", "other", "other"):
        user_id(service, username)
        mint(service, "mobile", username)
    assert table(browser.get(PATH), "Top devices")[0] == [PHONE.device_info, "3", "2"]


def test_who_must_wait_is_told_with_address_failures_and_for_how_long(make_service: MakeService) -> None:
    service = limited(make_service, THROTTLE_PAIR="2")
    browser, other = administrator(service), user_id(service, "other")
    assert "Nobody has to wait" in browser.get(PATH).text
    for name in ("other", "nobody"):
        for _ in range(3):
            visitor(service).sign_in(name, "wrong")
    listed = table(browser.get(PATH), "Throttled now")
    assert [row[:4] for row in listed] == [
        ["Account from one address", "no such user", "127.0.0.1", "3"],
        ["Account from one address", "other", "127.0.0.1", "3"],
    ]
    assert f'<a href="/console/users/{other}/"><bdi>other</bdi></a>' in browser.get(PATH).text
    service.clock.now = NOW + 1
    assert "Nobody has to wait" in browser.get(PATH).text


COUNTS = st.builds(Count, st.just(0), *[st.integers(0, 10**9)] * 4)


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (1, 1), (5, 5), (7, 8), (9, 10), (10, 10), (11, 20), (21, 30), (51, 60), (81, 100), (9001, 10_000)],
)
def test_the_axis_ends_with_the_next_round_number(value: int, top: int) -> None:
    assert ceiling(value) == top


@given(st.lists(COUNTS, min_size=1, max_size=31))
def test_no_bar_leaves_the_drawing_or_touches_another(counts: list[Count]) -> None:
    drawn = plot(counts, 3)
    assert [bar.count for bar in drawn.bars] == counts
    bottom, slack = HEIGHT - BOTTOM, 0.25  # of rounding
    for bar in drawn.bars:
        assert TOP - slack <= bar.refused_y <= bar.ok_y <= bottom
        assert bar.ok_y + bar.ok_height == pytest.approx(bottom, abs=slack)
        assert bar.refused_y + bar.refused_height == pytest.approx(bar.ok_y, abs=slack)
    edges = [edge for bar in drawn.bars for edge in (bar.x, bar.x + bar.width)]
    assert edges == sorted(edges) and LEFT <= edges[0] and edges[-1] <= WIDTH - RIGHT
    assert {TOP, bottom} <= {height for height, _ in drawn.ticks} and drawn.ticks[0][1] == 0


def test_no_counts_are_an_empty_drawing() -> None:
    assert plot([], 3).bars == ()
    assert [value for _, value in plot([Count(0, 0, 0)], 3).ticks] == [0, 1]
