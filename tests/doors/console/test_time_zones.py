"""The zone of the profile: times are shown in it, and a day ends there."""

from datetime import UTC, date

import pytest

from tests.conftest import Service
from tests.doors.console.pages_read import beside, tag, value
from tests.doors.console.signed_in import Browser, tokens_of
from v1.doors.console import zones
from v1.tokens.issue import NEVER

PROFILE, NEW = "/console/profile/", "/console/tokens/new/"
BAD = ("Istanbul", "europe/istanbul", "../../etc/passwd", "right/Europe/Istanbul", "posix/UTC", "localtime")


def chosen(browser: Browser, zone: str) -> None:
    assert browser.post(PROFILE, time_zone=zone).status_code == 303


def test_without_one_times_are_utc_and_say_so(browser: Browser) -> None:
    assert "(14 November 2023, 22:13:20 UTC)" in browser.get("/console/devices/").text
    assert value(browser.get(PROFILE), "time_zone") == ""


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Istanbul", "15 November 2023, 01:13:20 GMT+03:00"),
        ("America/New_York", "14 November 2023, 17:13:20 GMT-05:00"),
        ("Asia/Kathmandu", "15 November 2023, 03:58:20 GMT+05:45"),
        ("UTC", "14 November 2023, 22:13:20 GMT+00:00"),
    ],
)
def test_every_time_is_in_the_zone_of_the_profile(browser: Browser, zone: str, said: str) -> None:
    chosen(browser, zone)
    text = browser.get("/console/devices/").text
    assert f"<span> ({said})</span></time>" in text
    assert value(browser.get(PROFILE), "time_zone") == zone


@pytest.mark.parametrize("zone", [*BAD, "x" * 65, "\0", "<script>", "Europe/Istanbul\nUTC", "📱"], ids=ascii)
def test_an_unknown_zone_is_refused_and_the_other_fields_stay_typed(browser: Browser, zone: str) -> None:
    answer = browser.post(PROFILE, full_name="Ann", time_zone=zone)
    assert answer.status_code == 400 and value(answer, "full_name") == "Ann"
    assert beside(answer, "time_zone") == "There is no such zone. They are called after cities: Europe/Istanbul"


@pytest.mark.parametrize("zone", BAD)
def test_a_zone_that_is_no_longer_known_is_utc(service: Service, browser: Browser, zone: str) -> None:
    chosen(browser, "Europe/Istanbul")
    service.server.sql(f"UPDATE profiles SET time_zone = '{zone}'", "gatepass")
    assert "22:13:20 UTC" in browser.get("/console/devices/").text


@pytest.mark.parametrize(
    ("zone", "expiry"),
    [
        ("", 1_700_092_799),
        ("Europe/Istanbul", 1_700_092_799 - 3 * 3600),
        ("America/New_York", 1_700_092_799 + 5 * 3600),
        ("Pacific/Kiritimati", 1_700_092_799 - 14 * 3600),
    ],
)
def test_a_token_is_good_until_the_end_of_that_day_in_the_zone(
    service: Service, browser: Browser, zone: str, expiry: int
) -> None:
    chosen(browser, zone)
    answer = browser.post(NEW, name="x", expiration="custom", date="2023-11-15")
    assert answer.status_code == 200 and tokens_of(service, "personal", "expiry") == [str(expiry)]


def test_a_day_that_is_over_in_the_zone_is_past(browser: Browser) -> None:
    for zone, status in (("America/New_York", 200), ("Pacific/Kiritimati", 400)):
        chosen(browser, zone)
        answer = browser.post(NEW, name=zone, expiration="custom", date="2023-11-14")
        assert answer.status_code == status
    assert beside(answer, "date") == "The date must lie ahead."


def test_the_first_day_to_choose_is_today_in_the_zone(browser: Browser) -> None:
    assert 'min="2023-11-14"' in tag(browser.get(NEW), "date")
    chosen(browser, "Europe/Istanbul")
    page = browser.get(NEW)
    assert 'min="2023-11-15"' in tag(page, "date") and "the end of that day (Europe/Istanbul)" in page.text
    assert 'data-30d="Expires 15 Dec 2023"' in page.text


def test_where_the_clocks_go_back_at_midnight_the_day_ends_after_the_second_hour() -> None:
    cuba = zones.zone("America/Havana")  # on 5 Nov 2023 at 01:00 the clocks went back to 00:00
    assert zones.end_of_day(date(2023, 11, 5), cuba) - zones.end_of_day(date(2023, 11, 4), cuba) == 25 * 3600


def test_the_last_day_of_all_is_no_day_west_of_greenwich() -> None:
    assert zones.end_of_day(date(9999, 12, 31), UTC) == NEVER
    with pytest.raises(ValueError, match="9999"):
        zones.end_of_day(date(9999, 12, 31), zones.zone("America/New_York"))
