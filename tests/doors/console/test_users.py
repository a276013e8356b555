"""The list of users: what it tells of each, its order, its pages, and its filters."""

import pytest

from tests.conftest import COST_4, NOW, Service, add_user
from tests.doors.console.pages_read import heading, rows, value
from tests.doors.console.signed_in import Browser, administrator, user_id
from tests.numbers import numbers

PATH = "/console/users/"
TOKENS = "auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, remote_ip)"


@pytest.fixture
def browser(service: Service) -> Browser:
    return administrator(service)


def found(browser: Browser, **query: str) -> list[str]:
    """The names in the list."""
    answer = browser.client.get(PATH, query_string=query)
    assert answer.status_code == 200 and value(answer, "search") == query.get("search", "").strip()
    return [row[0] for row in rows(answer)[1:]]


def test_the_list_tells_the_status_the_sessions_since_when_and_the_number(service: Service, browser: Browser) -> None:
    out = add_user(service.server, "out", "!" + COST_4)
    service.server.sql(
        "UPDATE users SET creation_time = '2023-01-31 12:00:00';"
        f" INSERT INTO {TOKENS} SELECT LEFT(SHA2(seq, 256), 40), {out}, {NOW - 9000}, {NOW} + IF(seq = 5, -1, 60),"
        f" {NOW} - seq * 3600, 'phone', ELT(LEAST(seq, 3), 'stream', 'api', 'mobile'), '192.0.2.7' FROM {numbers(5)}",
        "gatepass",
    )
    head, *listed = rows(browser.get(PATH))
    assert head == ["Username", "Last seen", "Sessions", "Status", "Since", "Number"]
    assert listed == [
        ["admin", "just now", "1", "Administrator", "31 Jan 2023", str(user_id(service))],
        ["out", "3 hours ago", "2", "Disabled", "31 Jan 2023", str(out)],
    ]


def test_a_user_of_many_sessions_is_counted_up_to_1000(service: Service, browser: Browser) -> None:
    other = add_user(service.server, "other")
    for first, shown in ((0, "1,000"), (1000, "1,000+"), (3000, "1,000+")):
        service.server.sql(
            f"INSERT INTO {TOKENS} SELECT LEFT(SHA2({first} + seq, 256), 40), {other}, {NOW - 60}, {NOW + 60}, {NOW},"
            f" 'phone', 'mobile', '192.0.2.7' FROM {numbers(1000 + first)}",
            "gatepass",
        )
        assert [row[2] for row in rows(browser.get(PATH + "?search=other"))[1:]] == [shown]
    service.server.sql("UPDATE auth_tokens SET kind = 'api'", "gatepass")
    browser = administrator(service)
    assert [row[2] for row in rows(browser.get(PATH + "?search=other"))[1:]] == ["0+"], "more than are read"


def test_who_is_blocked_now_says_so_as_an_account_or_from_an_address(service: Service, browser: Browser) -> None:
    ids = [add_user(service.server, name) for name in ("ann", "ben", "cem", "dan")]
    rest = f"'', 9, {NOW + 60}, {NOW} + {{}}, {NOW + 60}"
    values = [("account", ids[0], "", 30), ("pair", ids[1], "192.0.2.7", 30), ("pair", ids[2], "192.0.2.7", -1)]
    values += [("pair", 0, "192.0.2.8", 30), ("address", 0, "192.0.2.9", 30), ("everyone", 0, "", 30)]
    columns = "scope, user_id, address, name_digest, failures, window_end, blocked_until, expiry"
    texts = [f"('{scope}', {user}, '{address}', {rest.format(wait)})" for scope, user, address, wait in values]
    service.server.sql(f"INSERT INTO login_throttle ({columns}) VALUES {', '.join(texts)}", "gatepass")
    tags = {row[0]: row[3] for row in rows(browser.get(PATH))[1:]}
    assert tags == {"admin": "Administrator", "ann": "Blocked", "ben": "Blocked", "cem": "", "dan": ""}
    assert found(browser, filter="blocked") == ["ann", "ben"]
    assert found(browser, filter="blocked", search="b") == ["ben"]
    service.clock.now += 31
    assert found(browser, filter="blocked") == []


def test_a_filter_alone_and_with_a_search_and_either_order(service: Service, browser: Browser) -> None:
    for name in ("ann", "Anna", "ben"):
        add_user(service.server, name)
    add_user(service.server, "annika", "!" + COST_4)
    add_user(service.server, "chris", "!" + COST_4)
    service.server.sql("UPDATE users SET is_admin = 1 WHERE username = 'ann'", "gatepass")
    assert found(browser) == found(browser, sort="") == ["admin", "ann", "Anna", "annika", "ben", "chris"]
    assert found(browser, sort="newest") == ["chris", "annika", "ben", "Anna", "ann", "admin"]
    assert found(browser, filter="disabled") == ["annika", "chris"]
    assert found(browser, filter="disabled", sort="newest") == ["chris", "annika"]
    assert found(browser, filter="disabled", search="an") == ["annika"]
    assert found(browser, filter="administrators") == ["admin", "ann"]
    assert found(browser, filter="administrators", search=" an ") == ["ann"]
    assert found(browser, filter="blocked") == [] == found(browser, filter="disabled", search="b")
    service.server.sql("UPDATE users SET password = 'x'", "gatepass")
    assert found(browser, filter="disabled") == []


def test_1500_disabled_users_are_at_least_1000(service: Service, browser: Browser) -> None:
    columns = "username, password, creation_time, remote_ip"
    rest = f"'!x', NOW(), '' FROM {numbers(1500)}"
    service.server.sql(f"INSERT INTO users ({columns}) SELECT CONCAT('u', LPAD(seq, 4, '0')), {rest}", "gatepass")
    for query in ("filter=disabled", "search=u"):
        page = browser.get(f"{PATH}?{query}")
        assert "At least 1,000: refine your search." in page.text and "Page 1 of 40" in page.text
        assert len(rows(browser.get(f"{PATH}?{query}&page=40"))) == 26
        assert "Nothing on this page" in browser.get(f"{PATH}?{query}&page=41").text
    both = browser.get(f"{PATH}?search=u&filter=administrators")
    assert "There may be more: refine your search." in both.text and "Nobody found" in both.text
    assert "refine" not in browser.get(f"{PATH}?search=u14").text


UNKNOWN = ("filter=x", "filter=Disabled", "filter=%00", "sort=name", "sort=id", "page=0", "page=401", "page=x", "page=")


@pytest.mark.parametrize("query", UNKNOWN)
def test_an_unknown_filter_order_or_page_is_not_found(browser: Browser, query: str) -> None:
    answer = browser.get(f"{PATH}?search=a&{query}")
    assert (answer.status_code, heading(answer)) == (404, "Page not found")


def test_60_users_are_three_pages_in_the_order_of_their_names(service: Service, browser: Browser) -> None:
    columns = "username, password, creation_time, remote_ip"
    rest = f"'x', NOW(), '' FROM {numbers(60)}"
    service.server.sql(f"INSERT INTO users ({columns}) SELECT CONCAT('u&', LPAD(seq, 3, '0')), {rest}", "gatepass")
    pages = [found(browser, search="u&", page=str(number)) for number in (1, 2, 3, 4)]
    assert [len(each) for each in pages] == [25, 25, 10, 0]
    assert pages[0] + pages[1] + pages[2] == [f"u&{number:03}" for number in range(1, 61)]
    page = browser.get(PATH + "?search=u%26&sort=newest")
    assert 'href="/console/users/?search=u%26&amp;sort=newest&amp;page=2"' in page.text
    assert rows(page)[1][0] == "u&060"
    assert found(browser, page="3")[-1] == "u&060" and found(browser)[0] == "admin"


def test_nobody_found_says_what_to_do(browser: Browser) -> None:
    answer = browser.get(PATH + "?search=<b>")
    assert "Nobody found" in answer.text and "Try fewer letters" in answer.text and "<b>" not in answer.text
    assert '<a class="button" href="/console/users/">Show all</a>' in answer.text
    assert "Show all" not in browser.get(PATH).text
