"""Tokens: the API tokens of all owners, what each list shows in which order, and bad input."""

import re

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import heading, rows
from tests.doors.console.signed_in import Browser, administrator
from tests.numbers import numbers
from v1.doors.console.wording import visible
from v1.tokens import api_listing
from v1.tokens.issue import NEVER

PATH = "/console/tokens/"
DAY = 86_400
OLD = NOW - 200 * DAY
HEAD = ["Name", "Owner", "Created", "Expires", "Last used", "Status"]


def add(service: Service, name: str, **columns: object) -> int:
    """An API token of a server, made long ago, used now, for ever, unless said otherwise; the id."""
    values = {"user_id": 0, "creation_time": OLD, "expiry": NEVER, "last_access": NOW, "device_info": "", "kind": "api"}
    values |= {"name": name, **columns}
    written = ", ".join(f"_utf8mb4 X'{str(value).encode().hex()}'" for value in values.values())
    statement = f"INSERT INTO auth_tokens (auth_key, {', '.join(values)}) SELECT SHA2(UUID(), 256), {written}"
    return int(service.server.sql(f"{statement}; SELECT LAST_INSERT_ID()", "gatepass"))


@pytest.fixture
def boss(service: Service) -> Browser:
    return administrator(service)


def names(browser: Browser, query: str = "") -> list[str]:
    answer = browser.get(PATH + query)
    assert (answer.status_code, heading(answer)) == (200, "API tokens")
    return [re.sub(" (Personal|Server's) API token$", "", row[0]) for row in rows(answer)[1:]]


def test_a_row_tells_whose_it_is_what_it_may_and_from_where_it_was_used(service: Service, boss: Browser) -> None:
    ann = add_user(service.server, "ann")
    add(service, "video", claims='{"scope": "introspect stream"}', last_access=NOW - 600, last_ip="2001:db8::9")
    unused = {"creation_time": NOW, "last_access": NOW - 60, "expiry": NOW + 30 * DAY}
    add(service, "backup", kind="personal", user_id=ann, **unused)
    add(service, "orphan", kind="personal", user_id=2_000_000_000, last_access=OLD)
    answer = boss.get(PATH)
    head, *found = rows(answer)
    personal, servers = "Personal API token", "Server's API token: introspect stream"
    assert head == HEAD
    idle = "Never expires Unused for 6 months"
    assert found == [
        [f"orphan {personal}", "user 2000000000, who is gone", "28 Apr 2023", "Never", "6 months ago", idle],
        [f"backup {personal}", "ann", "14 Nov 2023", "14 Dec 2023", "Not yet", "Active"],
        [f"video {servers}", "server", "28 Apr 2023", "Never", "10 minutes ago 2001:db8::9", "Never expires"],
    ]
    assert f'<a href="/console/users/{ann}/">' in answer.text


def test_tokens_of_devices_and_dead_ones_are_in_no_list(service: Service, boss: Browser) -> None:
    for kind in ("mobile", "stream", "management", "console", "jwt_refresh", "jwt_access"):
        add(service, kind, kind=kind, last_access=OLD)
    add(service, "expired", expiry=NOW)
    add(service, "ended", expiry=0)
    for choice in ("all", "unused", "expiring", "never"):
        assert "No such tokens" in boss.get(f"{PATH}?filter={choice}").text
    assert names(boss) == []


def test_each_list_has_its_own_and_its_order(service: Service, boss: Browser) -> None:
    edge, week = NOW - 90 * DAY, NOW + 7 * DAY
    add(service, "never used", creation_time=edge - 1, last_access=edge - 61)
    add(service, "used 90 days ago", last_access=edge)
    add(service, "used before that", kind="personal", last_access=edge - 1, expiry=week + 1)
    add(service, "made 90 days ago", creation_time=edge, last_access=edge - 60)
    add(service, "used last year", last_access=OLD, expiry=week)
    add(service, "ends now", kind="personal", expiry=NOW + 1)
    latest = ["ends now", "used last year", "made 90 days ago", "used before that", "used 90 days ago", "never used"]
    assert names(boss) == names(boss, "?filter=all") == latest
    assert names(boss, "?filter=unused") == ["used last year", "never used", "used before that"]
    assert names(boss, "?filter=expiring") == ["ends now", "used last year"]
    assert names(boss, "?filter=never") == ["made 90 days ago", "used 90 days ago", "never used"]


@pytest.mark.parametrize("query", ["filter=", "filter=x", "filter=ALL", "filter=%00", "filter=<script>", "page=0"])
def test_an_unknown_list_is_not_found(boss: Browser, query: str) -> None:
    for path in (f"{PATH}?{query}", f"{PATH}?page=401", f"{PATH}?filter=unused&page=x"):
        answer = boss.get(path)
        assert (answer.status_code, heading(answer)) == (404, "Page not found")


def test_a_list_has_pages_and_keeps_its_filter(service: Service, boss: Browser) -> None:
    fill(service, 60)
    pages = [names(boss, f"?filter=never&page={page}") for page in (1, 2, 3, 4)]
    assert [len(each) for each in pages] == [25, 25, 10, 0]
    assert [name for page in pages for name in page] == [f"token {number}" for number in range(60, 0, -1)]
    assert 'href="/console/tokens/?filter=never&amp;page=3"' in boss.get(f"{PATH}?filter=never&page=2").text
    assert "Nothing on this page" in boss.get(f"{PATH}?page=399").text


def fill(service: Service, count: int) -> None:
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name)"
        f" SELECT SHA2(seq, 256), 0, {OLD}, {NEVER}, {OLD} + seq, '', IF(seq MOD 2, 'api', 'personal'),"
        f" CONCAT('token ', seq) FROM {numbers(count)}",
        "gatepass",
    )


def test_a_list_looks_at_so_many_and_says_when_there_are_more(
    service: Service, boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(service, 30)
    monkeypatch.setattr(api_listing, "LOOKED_AT", 31)
    assert "are looked at" not in boss.get(f"{PATH}?filter=unused").text
    monkeypatch.setattr(api_listing, "LOOKED_AT", 20)
    answer = boss.get(f"{PATH}?filter=unused")
    assert "There are more: only the 20 API tokens that expire last are looked at." in answer.text
    assert len(rows(answer)[1:]) == 20


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202egpj.exe", "W" * 100, "{{ 7*7 }}"], ids=ascii)
def test_names_are_shown_as_text(service: Service, boss: Browser, name: str) -> None:
    owner = add_user(service.server, name[:30])
    number = add(service, name, kind="personal", user_id=owner)
    for path in (PATH, f"{PATH}revoke/?token={number}"):
        text = boss.get(path).text
        assert "<script>alert" not in text and re.search(r'<bdi class="clip"', text)
    assert names(boss) == [visible(name)] and rows(boss.get(PATH))[1][1] == visible(name[:30])
