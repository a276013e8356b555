"""Which texts and numbers are dates, which moment each means, and how moments are written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.fuzz import examples
from v1.wire import dates

NOON = 1_896_091_200_000
"""2030-01-31T12:00:00Z in milliseconds."""

HOUR = 3_600_000

GOOD: dict[Any, int] = {
    "2030-01-31": NOON - 12 * HOUR,
    "2030-01-31T12:00": NOON,
    "2030-01-31T12:00:00": NOON,
    "2030-01-31T12:00:07": NOON + 7_000,
    "2030-01-31T12:00:00.5": NOON + 500,
    "2030-01-31T12:00:00.123": NOON + 123,
    "2030-01-31T12:00:00.123999999": NOON + 123,
    "2030-01-31T12:00Z": NOON,
    "2030-01-31T12:00:00Z": NOON,
    "2030-01-31T12:00-00:00": NOON,
    "2030-01-31T14:00:00+02:00": NOON,
    "2030-01-31T14:00:00.000+0200": NOON,
    "2030-01-31T06:30:00-05:30": NOON,
    "2030-02-01T11:59:00+23:59": NOON,
    "2028-02-29": 1_835_395_200_000,
    "1970-01-01": 0,
    "1969-12-31T23:59:59.999": -1,
    "0001-01-01": -62_135_596_800_000,
    "0001-01-01T00:00+14:00": -62_135_596_800_000 - 14 * HOUR,
    "9999-12-31T23:59:59.999Z": dates.LATEST_MS,
    "0": 0,
    "007": 7,
    "1559347200000": 1_559_347_200_000,
    "20300131": 20_300_131,
    0: 0,
    -1: -1,
    1_559_347_200_000: 1_559_347_200_000,
    dates.LATEST_MS: dates.LATEST_MS,
    str(dates.LATEST_MS): dates.LATEST_MS,
}


@pytest.mark.parametrize("value", GOOD, ids=repr)
def test_each_form_of_a_date_is_read(value: Any) -> None:
    assert dates.unix_ms(value) == GOOD[value]


def test_null_and_the_empty_text_mean_no_date() -> None:
    assert dates.unix_ms(None) is None and dates.unix_ms("") is None


IMPOSSIBLE = (
    *("2030-02-30", "2029-02-29", "1900-02-29", "2030-04-31", "2030-00-01", "2030-13-01", "2030-01-00", "2030-01-32"),
    *("0000-01-01", "0000-12-31T23:59:59Z", "2030-01-31T24:00", "2030-01-31T24:00:00Z", "2030-01-31T25:00"),
    *("2030-01-31T12:60", "2030-01-31T12:00:60", "2030-01-31T23:59:60Z", "2030-01-31T12:00:61.5"),
    *("2030-01-31T12:00+24:00", "2030-01-31T12:00-99:99", "2030-01-31T12:00+12:60", "2030-01-31T12:00+0075"),
    *("9999-12-31T23:59-00:01", "9999-12-31T10:00-14:00", "10000-01-01", "99999-01-01T00:00Z"),
)

OTHER = (
    *(" ", "x", "now", "tomorrow", "null", "2030-01", "2030-1-31", "30-01-31", "2030/01/31", "2030-031"),
    *("2030-W05-4", "2030W054", "2030-W05", "20300131T120000Z", "2030-01-31 12:00", "2030-01-31t12:00", "T12:00"),
    *("2030-01-31T", "2030-01-31Z", "2030-01-31+02:00", "2030-01-31T12", "2030-01-31T12Z", "2030-01-31T1200"),
    *("2030-01-31T12:00:", "2030-01-31T12:00:00.", "2030-01-31T12:00:00,5", "2030-01-31T12:00:00.1234567890"),
    *("2030-01-31T12:00z", "2030-01-31T12:00 Z", "2030-01-31T12:00ZZ", "2030-01-31T12:00+2", "2030-01-31T12:00+02"),
    *("2030-01-31T12:00+02:00:00", "2030-01-31T12:00[UTC]", "2030-01-31T12:00:00 UTC"),
    *("2030-01-31\n", "\n2030-01-31", "2030-01-31T12:00Z\n", "2030-01-31 ", " 2030-01-31", "2030-01-31\0"),
    *("２０３０-01-31", "2030-01-31T１２:00", "١٢٣", "１２３", "²", "2030‐01‐31", "2030−01−31"),
    *("-1", "+1", "1.5", "1e12", "1_000", "0x10", " 7", "7 ", "7\n", "1,559", "\ud800", "9" * 4301, "9" * 16),
)

BEYOND = (dates.LATEST_MS + 1, -dates.LATEST_MS - 1, 10**30, -(10**30), 10**400, 2**63)
NO_DATES = (True, False, 0.0, 1.5, 1e12, [], {}, [0], b"2030-01-31")


@pytest.mark.parametrize("value", [*IMPOSSIBLE, *OTHER, *BEYOND, *NO_DATES], ids=lambda value: ascii(value)[:40])
def test_any_other_value_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        dates.unix_ms(value)


@given(value=st.one_of(st.text(), st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?")))
@hypothesis_settings(max_examples=examples(200, of=500), deadline=None, derandomize=True)
def test_any_text_is_a_date_in_range_or_a_value_error(value: str) -> None:
    try:
        found = dates.unix_ms(value)
    except ValueError:
        return
    assert (found is None and value == "") or (found is not None and abs(found) <= dates.LATEST_MS)


@given(moment=st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31, 23, 59, 59, 999_000)))
@hypothesis_settings(max_examples=examples(150, of=300), deadline=None, derandomize=True)
def test_a_written_date_is_read_as_the_same_moment(moment: datetime) -> None:
    milliseconds = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert dates.unix_ms(dates.iso_ms(milliseconds)) == milliseconds


def test_moments_are_written_in_utc_with_and_without_their_fraction() -> None:
    assert dates.iso_ms(NOON) == "2030-01-31T12:00:00.000"
    assert dates.iso_ms(NOON + 7) == "2030-01-31T12:00:00.007"
    assert dates.iso_ms(-1) == "1969-12-31T23:59:59.999"
    assert dates.iso_ms(dates.LATEST_MS) == "9999-12-31T23:59:59.999"
    assert dates.iso(NOON // 1000) == "2030-01-31T12:00:00Z"
    assert dates.iso_ms(GOOD["0001-01-01"]) == "0001-01-01T00:00:00.000"
    assert dates.iso(GOOD["0001-01-01"] // 1000) == "0001-01-01T00:00:00Z"
    assert dates.iso(0) == "1970-01-01T00:00:00Z"
    assert dates.iso(dates.LATEST_MS // 1000) == "9999-12-31T23:59:59Z"


def test_a_day_that_a_person_wrote_means_its_last_second_in_utc() -> None:
    assert dates.iso(dates.seconds("2030-01-31")) == "2030-01-31T23:59:59Z"
    assert dates.seconds("1970-01-01") == 86_399
    assert dates.seconds("9999-12-31") == dates.LATEST_MS // 1000
    for text in ("2030-01-31T12:00", "2030-01-31T12:00:00.999Z", "2030-01-31T14:00+02:00"):
        assert dates.seconds(text) == NOON // 1000


NO_DAY: list[Any] = ["", "never", "2030-02-30", "0000-01-01", "2030-01-31\n", "2030-1-1", "0", "1559347200000"]
NO_DAY += ["２０３０-01-31", "9999-12-31T23:59-00:01", "10000-01-01", None, 0, True, 1.5, [], 1_559_347_200]


@pytest.mark.parametrize("value", NO_DAY, ids=ascii)
def test_any_other_date_of_a_person_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        dates.seconds(value)
