"""A personal token in the console: its name and its end, that it is shown once, the list of them, and revoking one."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.apiops.test_login import hello
from tests.doors.console.pages_read import beside, heading, notice, rows, tag, value
from tests.doors.console.signed_in import Browser, goes_to, session_of, signed_in, tokens_of, user_id
from tests.doors.kinds import mint
from tests.numbers import numbers
from v1.doors.console import token_example
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
def test_an_unknown_choice_is_refused(browser: Browser, expiration: str) -> None:
    answer = create(browser, expiration=expiration)
    assert (answer.status_code, beside(answer, "expiration")) == (400, "Choose one of the list.")
    assert tokens_of(browser.service, "personal") == []


@pytest.mark.parametrize("expiration", ["30d", "never", "x"])
def test_a_date_with_another_choice_than_custom_makes_no_token_of_either(browser: Browser, expiration: str) -> None:
    answer = create(browser, expiration=expiration, date="2030-01-31")
    assert answer.status_code == 400
    assert beside(answer, "date") == "A date is for Custom only: choose it, or leave the date empty."
    assert tokens_of(browser.service, "personal") == []


PROFILE, GONE = "/console/profile/", ("/console/profile/#tokens", "token-gone")


@pytest.mark.parametrize("name", ["x" * 100, "<script>alert(1)</script>", "Zoë's \"backup\" \\ 100% {{ 7*7 }}", "0"])
def test_a_name_of_1_to_100_characters_is_kept_and_shown_as_it_was_typed(browser: Browser, name: str) -> None:
    text_of(create(browser, f" {name} " if len(name) < 99 else name))
    assert rows(browser.get(PROFILE))[1][0] == name
    (number,) = tokens_of(browser.service, "personal")
    for path in (PROFILE, f"/console/tokens/{number}/revoke/"):
        assert "<script>alert" not in browser.get(path).text


@pytest.mark.parametrize("name", ["", "\u3000", "x" * 101, "a\nb"], ids=ascii)
def test_another_name_is_told_beside_the_field(service: Service, name: str) -> None:
    answer = create(signed_in(service), name)
    assert (answer.status_code, beside(answer, "name"), value(answer, "name")) == (400, NAME, name)
    assert tokens_of(service, "personal") == []


def test_all_that_is_wrong_is_told_at_once(service: Service) -> None:
    answer = create(signed_in(service), "", "custom", "tomorrow")
    assert beside(answer, "name") and beside(answer, "date")


def test_beyond_200_live_ones_there_are_no_more(service: Service, browser: Browser) -> None:
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name)"
        f" SELECT LEFT(SHA2(seq, 256), 40), id, {NOW}, {NOW} + IF(seq < 200, seq, -1), {NOW}, '', 'personal', seq"
        f" FROM users, {numbers(250)}",
        "gatepass",
    )
    text_of(create(browser, "the last"))
    answer = create(browser, "one more")
    assert beside(answer, "name") == "You have 200 live tokens, which is the most. Revoke one first."
    assert answer.status_code == 400 and len(tokens_of(service, "personal")) == 251
    shown = [row[0] for page in range(1, 12) for row in rows(browser.get(f"{PROFILE}?page={page}"))[1:]]
    assert shown == ["the last", *map(str, range(199, 0, -1)), *map(str, range(250, 199, -1))]
    assert [browser.get(f"{PROFILE}?page={page}").status_code for page in ("0", "401", "x", "12")] == [404] * 3 + [200]


def test_it_is_shown_once_and_neither_a_reload_nor_another_page_shows_it_again(service: Service) -> None:
    browser = signed_in(service)
    answer = create(browser)
    token = text_of(answer)
    assert "it will not be shown again" in answer.text and answer.headers["Cache-Control"] == "no-store"
    again = create(browser)
    assert again.status_code == 400 and beside(again, "name").startswith(TAKEN)
    (number,) = tokens_of(service, "personal")
    pages = [browser.get(path) for path in (PROFILE, PATH, "/console/devices/", f"/console/tokens/{number}/revoke/")]
    assert {page.status_code for page in pages} == {200}
    for page in (again, *pages):
        assert token not in page.text and token[4:44] not in page.text and session_of(service, token) == number


def test_the_list_tells_when_it_was_made_and_used_and_ends(service: Service, browser: Browser) -> None:
    assert "No tokens yet" in browser.get(PROFILE).text
    token = text_of(create(browser, "short", "custom", "2023-11-15"))
    text_of(create(browser, "long", "never"))
    head, *listed = rows(browser.get(PROFILE))
    assert head == ["Name", "Created", "Expires", "Last used", "Status", "Action"]
    assert listed[0] == ["long", "14 Nov 2023", "Never", "Not yet", "Never expires", "Rename Revoke"]
    assert listed[1] == ["short", "14 Nov 2023", "15 Nov 2023", "Not yet", "Expires in 1 day", "Rename Revoke"]
    service.clock.now = NOW + 600
    assert hello(service, token).status_code == 200
    service.core.write_behind.write()
    service.clock.now = NOW + 1200
    assert rows(browser.get(PROFILE))[2][3] == "10 minutes ago 127.0.0.1"
    service.clock.now = NOW + 200_000
    listed = [(each[0], *each[4:]) for each in rows(signed_in(service).get(PROFILE))[1:]]
    assert listed == [("long", "Never expires", "Rename Revoke"), ("short", "Expired", "Remove")]


@pytest.fixture
def made(service: Service) -> tuple[Browser, str, str]:
    """Somebody's browser, their token `backup`, and its id."""
    browser = signed_in(service)
    token = text_of(create(browser))
    return browser, token, tokens_of(service, "personal")[0]


def test_revoking_asks_first_works_at_once_and_says_so_when_it_was_done_already(made: tuple, service: Service) -> None:
    browser, token, number = made
    path = f"/console/tokens/{number}/revoke/"
    asked = browser.get(path)
    assert heading(asked) == "Revoke this token?" and "<bdi>backup</bdi>" in asked.text
    assert hello(service, token).status_code == 200, "asking revokes nothing"
    answer = browser.post(path)
    assert goes_to(answer, "/console/profile/#tokens", "token-revoked") and hello(service, token).status_code == 401
    assert notice(browser.get(answer.headers["Location"])) == "The token was revoked. It is refused from now on."
    assert goes_to(browser.post(path), *GONE) and goes_to(browser.get(path), *GONE)
    assert notice(browser.get(GONE[0])) == "That token was revoked already."
    text_of(create(browser))  # the name is free again


def test_anothers_token_and_ones_own_of_another_kind_are_gone_and_left_alone(made: tuple, service: Service) -> None:
    _, token, number = made
    add_user(service.server, "other")
    other = signed_in(service, "other")
    mine = [session_of(service, mint(service, kind, "other")) for kind in ("mobile", "api:stream", "management")]
    for each in (number, *mine, other.session):
        path = f"/console/tokens/{each}/revoke/"
        assert goes_to(other.post(path), *GONE) and goes_to(other.get(path), *GONE)
    assert hello(service, token).status_code == 200 and other.get(PROFILE).status_code == 200
    kinds = service.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE kind <> 'stream'", "gatepass")
    assert kinds == "6\n"


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "9" * 11, "x", "%00", "%D9%A1", "%FF", "1%2F2", "%201"])
def test_what_can_be_no_id_is_not_found(made: tuple, number: str) -> None:
    browser, _, _ = made
    for answer in (browser.get(f"/console/tokens/{number}/revoke/"), browser.post(f"/console/tokens/{number}/revoke/")):
        assert (answer.status_code, heading(answer)) == (404, "Page not found")
    assert goes_to(browser.post("/console/tokens/9999999999/revoke/"), *GONE)


HOSTS = ("gatepass.example", "[2001:db8::1]:8443", "a.example:8443")


@pytest.mark.parametrize("host", [*HOSTS, "$(id)", "a;id", "a b", "`id`", "a/../b", "a\"b", "a'b", "a:1:2", "ü", "a\n"])
def test_the_example_names_only_what_can_be_a_host(host: str) -> None:
    for development, scheme in ((True, "http"), (False, "https")):
        shown = f"{scheme}://{host if host in HOSTS else 'HOST'}"
        assert token_example.command(host, development).endswith(f" '{shown}/apiops/test/hello/world'")


def test_the_example_names_this_host_and_not_the_token(browser: Browser) -> None:
    answer = create(browser)
    (example,) = re.findall(r'<textarea id="example"[^>]*>(.*?)</textarea>', answer.text)
    assert unescape(example) == token_example.command("localhost", True) and text_of(answer) not in example


def test_a_name_that_is_taken_and_a_wrong_date_are_told_at_once(browser: Browser) -> None:
    text_of(create(browser, "backup"))
    answer = create(browser, "Backup", "custom", "2001-01-01")
    assert beside(answer, "name") == "You have a live token of this name. Choose another name."
    assert beside(answer, "date") == "The date must lie ahead."
    assert answer.text.count("autofocus") == 1 and "autofocus" in tag(answer, "name")
