"""The plots of Overview: bars and numbers say the same, by hour and day, by door, and the last one is not over yet."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from tests.doors.console.overview_read import PATH, browser, stats, table
from tests.doors.console.signed_in import Browser
from v1.doors.console.plots import FAILURES, HEIGHT, Count, ceiling, panel

__all__ = ["browser"]

NUMBERS = "In numbers"
UNFINISHED = ", not over yet"


def said(response: TestResponse) -> list[str]:
    """The values of each bar in words."""
    return re.findall(r'<span class="said">(.*?)</span>', response.text)


def test_the_last_24_hours_are_told_by_the_hour_from_now_on_back(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 1200), ("2023-11-14 22", "failed", 5))
    stats(service, ("2023-11-14 22", "ok", 34), door="console")
    stats(service, ("2023-11-14 00", "throttled", 6), ("2023-11-14 00", "busy", 7), ("2023-11-14 00", "error", 8))
    stats(service, ("2023-11-13 23", "ok", 9), ("2023-11-13 22", "ok", 1000), ("2023-11-14 23", "ok", 2000))
    listed = table(browser.get(PATH), NUMBERS)
    hours = [f"14 Nov, {hour:02}:00" for hour in range(22, -1, -1)] + ["13 Nov, 23:00"]
    assert [row[0] for row in listed] == [hours[0] + UNFINISHED, *hours[1:]]
    filled = {row[0][8:13]: row[1:] for row in listed if row[1:] != ["0"] * 4}
    assert filled == {"22:00": ["1,234", "5", "0", "0"], "00:00": ["0", "0", "6", "15"], "23:00": ["9", "0", "0", "0"]}


def test_seven_days_are_told_by_six_hours(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 1), ("2023-11-14 18", "ok", 2), ("2023-11-14 17", "failed", 3))
    stats(service, ("2023-11-08 00", "ok", 4), ("2023-11-07 23", "ok", 1000))
    listed = table(browser.get(f"{PATH}?range=7d"), NUMBERS)
    assert (len(listed), listed[0]) == (28, ["14 Nov, 18:00" + UNFINISHED, "3", "0", "0", "0"])
    assert listed[1] == ["14 Nov, 12:00", "0", "3", "0", "0"] and listed[-1] == ["8 Nov, 00:00", "4", "0", "0", "0"]


def test_the_last_30_days_are_told_by_the_day_in_utc(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 00", "ok", 1), ("2023-11-14 22", "ok", 2), ("2023-11-13 23", "failed", 3))
    stats(service, ("2023-10-16 00", "ok", 4), ("2023-10-15 23", "ok", 1000), ("2023-11-15 00", "ok", 2000))
    listed = table(browser.get(f"{PATH}?range=30d"), NUMBERS)
    first, second = ["14 Nov" + UNFINISHED, "3", "0", "0", "0"], ["13 Nov", "0", "3", "0", "0"]
    assert (len(listed), listed[0], listed[1]) == (30, first, second)
    assert listed[-1] == ["16 Oct", "4", "0", "0", "0"]
    assert sum(int(number) for row in listed for number in row[1:]) == 10


def test_with_the_hour_the_plot_moves_on(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 7), ("2023-11-13 23", "ok", 9))
    service.clock.now = NOW + 2799  # 22:59:59
    browser.sign_in()
    assert [row[1] for row in table(browser.get(PATH), NUMBERS)][::23] == ["7", "9"]
    service.clock.now += 1
    shown = table(browser.get(PATH), NUMBERS)
    ends = [shown[number][:2] for number in (0, 1, -1)]
    assert ends == [["14 Nov, 23:00" + UNFINISHED, "0"], ["14 Nov, 22:00", "7"], ["14 Nov, 00:00", "0"]]


def test_each_bar_says_its_values_and_the_last_one_that_it_is_not_over(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 1), ("2023-11-14 21", "ok", 1500), ("2023-11-14 21", "failed", 10))
    stats(service, ("2023-11-14 21", "throttled", 20), ("2023-11-14 21", "busy", 1))
    answer = browser.get(PATH)
    logins, failures = said(answer)[:24], said(answer)[24:]
    assert logins[-2:] == ["14 Nov, 21:00: 1,500 logins", "14 Nov, 22:00, not over yet: 1 login"]
    assert failures[-2] == "14 Nov, 21:00: wrong 10, throttled 20, errors 1" and len(failures) == 24
    assert answer.text.count('class="slot running"') == 2 and answer.text.count(" checked>") == 2


def test_the_bars_are_as_high_as_the_numbers(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 40), ("2023-11-14 21", "ok", 10), ("2023-11-14 20", "failed", 8))
    stats(service, ("2023-11-14 20", "throttled", 2))
    drawn = re.findall(r'<path class="(\w+)" d="M1 ([\d.]+)h8v([\d.]+)h-8z"/>', browser.get(PATH).text)
    assert drawn == [
        *(("ok", "75.0", "25.0"), ("ok", "0.0", "100.0")),
        *(("failed", "20.0", "80.0"), ("throttled", "0.0", "20.0")),
    ]


def test_by_door_the_one_with_the_most_first_and_one_chosen_for_the_plots(service: Service, browser: Browser) -> None:
    stats(service, ("2023-11-14 22", "ok", 10), ("2023-11-14 20", "failed", 5), door="console")
    stats(service, ("2023-11-14 22", "ok", 60), ("2023-11-14 20", "throttled", 20), ("2023-11-14 20", "busy", 4))
    stats(service, ("2023-11-14 22", "ok", 1), door="<b>")
    stats(service, ("2023-11-01 22", "ok", 1000), door="devicehive")
    expected = [["Mobile app", "60", "0", "20", "4", "84%"], ["Web console", "10", "5", "0", "0", "15%"]]
    expected += [["<b>", "1", "0", "0", "0", "1%"]]
    assert table(browser.get(PATH), "By door") == expected
    chosen = browser.get(f"{PATH}?door=console")
    assert table(chosen, "By door") == expected and "Only the door Web console." in chosen.text
    assert table(chosen, NUMBERS)[0][1:] == ["10", "0", "0", "0"] and table(chosen, NUMBERS)[2][2] == "5"
    assert 'href="/console/overview/?range=7d&door=console#plots"' in chosen.text.replace("&amp;", "&")
    assert table(browser.get(f"{PATH}?range=30d"), "By door")[0][:2] == ["DeviceHive", "1,000"]


def test_nothing_yet_is_no_error_and_says_what_will_be_here(browser: Browser) -> None:
    for chosen, bars in (("24h", 24), ("7d", 28), ("30d", 30)):
        answer = browser.get(f"{PATH}?range={chosen}")
        assert len(table(answer, NUMBERS)) == bars and "<path" not in answer.text and "No logins yet" in answer.text


COUNTS = st.builds(Count, st.just(0), *[st.integers(0, 10**9)] * 4)


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (1, 1), (5, 5), (7, 8), (9, 10), (10, 10), (11, 20), (21, 30), (51, 60), (81, 100), (9001, 10_000)],
)
def test_the_axis_ends_with_the_next_round_number(value: int, top: int) -> None:
    assert ceiling(value) == top


@given(st.lists(COUNTS, min_size=1, max_size=31))
def test_no_part_leaves_the_drawing_or_lies_over_another(counts: list[Count]) -> None:
    drawn = panel("refused", counts, FAILURES, 3)
    assert [bar.count for bar in drawn.bars] == counts
    for bar in drawn.bars:
        below = float(HEIGHT)
        assert [part.outcome for part in bar.parts] == [name for name in FAILURES if getattr(bar.count, name)]
        for part in bar.parts:
            assert part.y + part.height == pytest.approx(below, abs=0.11)
            below = part.y
        assert below >= 0
    assert drawn.bars[-1].is_marked and sum(bar.is_marked for bar in drawn.bars) == -(-len(counts) // 3)


def test_no_counts_are_an_empty_drawing() -> None:
    assert panel("ok", [], ("ok",), 3).bars == ()
