"""How long a personal token made in the console is good, to the second, and which dates make none."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from tests.doors.apiops.test_login import hello
from tests.doors.console.pages_read import beside, heading, value
from tests.doors.console.signed_in import Browser, tokens_of, user_id
from v1.tokens.issue import NEVER

PATH = "/console/tokens/new/"
DAY = 86_400
TODAY_ENDS = 1_700_006_399
"""2023-11-14T23:59:59Z."""

NAME, TAKEN = "A name has 1 to 100 characters and no control characters.", "You have a live token of this name."


def create(browser: Browser, name: str = "backup", expiration: str = "30d", date: str = "") -> TestResponse:
    return browser.post(PATH, name=name, expiration=expiration, date=date)


def text_of(response: TestResponse) -> str:
    assert (response.status_code, heading(response)) == (200, "API token created")
    (found,) = re.findall("gpp_[0-9A-Za-z]{46}", response.text)
    return str(found)


@pytest.mark.parametrize(
    ("expiration", "date", "expiry", "said"),
    [
        ("30d", "", NOW + 30 * DAY, "14 December 2023, 22:13:20 UTC"),
        ("90d", "", NOW + 90 * DAY, "12 February 2024, 22:13:20 UTC"),
        ("1y", "", NOW + 365 * DAY, "13 November 2024, 22:13:20 UTC"),
        ("custom", "2023-11-14", TODAY_ENDS, "14 November 2023, 23:59:59 UTC"),
        ("custom", " 2024-02-29 ", 1_709_251_199, "29 February 2024, 23:59:59 UTC"),
        ("custom", "9999-12-30", NEVER - DAY, "30 December 9999, 23:59:59 UTC"),
        ("custom", "9999-12-31", NEVER, None),
        ("never", "", NEVER, None),
    ],
)
def test_each_expiration_ends_to_the_second(
    service: Service, browser: Browser, expiration: str, date: str, expiry: int, said: str | None
) -> None:
    answer = create(browser, expiration=expiration, date=date)
    token = text_of(answer)
    assert ("It does not expire." in answer.text) is (said is None) and (said or "") in answer.text
    columns = "kind, name, creation_time, expiry, user_id"
    assert tokens_of(service, "personal", columns) == [f"personal\tbackup\t{NOW}\t{expiry}\t{user_id(service)}"]
    service.clock.now = min(expiry - 1, 2 * NOW)
    assert hello(service, token, "/apiops/test/hello/x").text == "Hello x"
    service.clock.now += 1
    assert hello(service, token).status_code == (401 if expiry < 2 * NOW else 200)


WRONG = {
    **dict.fromkeys(("2023-11-13", "1969-12-31", "0001-01-01"), "The date must lie ahead."),
    **dict.fromkeys(("", "2030-02-30", "10000-01-01", "2030-1-1", "20300131", "31.1.30", "9" * 5000), "Choose a date."),
    **dict.fromkeys(("2030-01-31T12:00:00Z", "<script>", "٢٠٣٠-٠١-٣١"), "Choose a date."),
}


@pytest.mark.parametrize("date", WRONG)
def test_a_date_that_is_past_or_none_at_all_is_told_beside_the_field(browser: Browser, date: str) -> None:
    answer = create(browser, expiration="custom", date=date)
    assert (answer.status_code, beside(answer, "date"), value(answer, "date")) == (400, WRONG[date], date)
    assert '<dialog id="new-token" aria-labelledby="new-token-title" open>' in answer.text
    assert '<option value="custom" selected>' in answer.text and "<script>" not in answer.text
    assert (value(answer, "name"), tokens_of(browser.service, "personal")) == ("backup", []), "what was typed is kept"


def test_today_is_past_with_its_last_second(service: Service, browser: Browser) -> None:
    for now, status in ((TODAY_ENDS, 400), (TODAY_ENDS - 1, 200)):
        service.clock.now = now
        browser.sign_in()
        assert create(browser, expiration="custom", date="2023-11-14").status_code == status


@pytest.mark.parametrize("expiration", ["", "31d", "30D", "custom ", "<script>", "never\0"])
def test_a_choice_that_there_is_not_is_refused(browser: Browser, expiration: str) -> None:
    answer = create(browser, expiration=expiration)
    assert (answer.status_code, beside(answer, "expiration")) == (400, "Choose one of the list.")
    assert tokens_of(browser.service, "personal") == []


@pytest.mark.parametrize("expiration", ["30d", "never", "x"])
def test_a_date_with_another_choice_than_custom_makes_no_token_of_either(browser: Browser, expiration: str) -> None:
    answer = create(browser, expiration=expiration, date="2030-01-31")
    assert answer.status_code == 400
    assert beside(answer, "date") == "A date is for Custom only: choose it, or leave the date empty."
    assert tokens_of(browser.service, "personal") == []
