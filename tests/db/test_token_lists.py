"""The lists and counts of tokens that people look at, and when a session of the console ends."""

from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.db.conftest import Insert
from v1.db.tables.tokens import Tokens
from v1.tokens.issue import NEVER

DEVICES = ("mobile", "console")
HOUR, DAY = 3600, 86_400


def test_live_tokens_are_paged_by_device_and_their_last_use(
    service: Service, table: Tokens, user: int, insert: Insert
) -> None:
    old = insert("mobile", last_access=NOW - 9, device_info="Nokia")
    new = insert("console", last_access=NOW - 1)
    twins = insert("mobile", last_access=NOW - 5, creation_time=NOW - 50, device_info="iPhone", times=2)
    third = insert("mobile", last_access=NOW - 6, device_info="iphone", user_agent="MyApp/3.2", expiry=NOW + 9)
    insert("personal")
    insert("mobile", expiry=NOW)
    insert("mobile", user_id=add_user(service.server, "other"))
    first, second, last = table.page_devices(user, DEVICES, new, NOW, 0, 10)
    assert [each.token.id for each in (first, second, last)] == [new, third, old]
    assert [each.tokens for each in (first, second, last)] == [1, 3, 1]
    assert (second.token.creation_time, second.token.last_access) == (NOW - 50, NOW - 5)
    assert (second.user_agent, second.token.expiry) == ("MyApp/3.2", NEVER)
    assert table.page_devices(user, DEVICES, new, NOW, 1, 1) == [second]
    alone = table.page_devices(user, ("mobile",), twins, NOW, 0, 10)
    assert [(each.token.id, each.tokens) for each in alone] == [(third, 2), (twins, 1), (old, 1)]
    assert table.page_devices(user, DEVICES, 0, NOW, 3, 10) == []
    assert table.page_devices(user + 99, DEVICES, 0, NOW, 0, 10) == []
    assert [table.count_devices(user, DEVICES, own, NOW) for own in (0, new, twins)] == [3, 3, 4]
    assert [table.count_live_kinds(user, DEVICES, NOW, limit) for limit in (3, 5, 10)] == [3, 5, 5]
    assert table.count_live_kinds(user, ("management",), NOW, 10) == 0


def test_other_addresses_and_api_tokens_are_devices_by_themselves(table: Tokens, user: int, insert: Insert) -> None:
    insert("mobile", remote_ip="192.0.2.1", times=2)
    insert("mobile", remote_ip="192.0.2.2")
    insert("personal", remote_ip="192.0.2.1", times=2)
    found = table.page_devices(user, ("mobile", "personal"), 0, NOW, 0, 10)
    assert sorted((each.token.kind, each.token.remote_ip, each.tokens) for each in found) == [
        ("mobile", "192.0.2.1", 2),
        ("mobile", "192.0.2.2", 1),
        *[("personal", "192.0.2.1", 1)] * 2,
    ]


def test_tokens_of_the_same_device_are_listed_but_for_ones_own(table: Tokens, user: int, insert: Insert) -> None:
    first = insert("mobile", device_info="iPhone", times=3)
    insert("mobile", device_info="another")
    insert("mobile", device_info="iPhone", remote_ip="192.0.2.9")
    insert("mobile", device_info="iPhone", expiry=NOW)
    insert("mobile", device_info="iPhone", user_id=user + 1)
    token = table.find_by_id(first)
    assert token
    assert [each.id for each in table.list_alike(token, 0, NOW, 10)] == [first, first + 1, first + 2]
    assert [each.id for each in table.list_alike(token, first + 1, NOW, 10)] == [first, first + 2]
    assert [each.id for each in table.list_alike(token, 0, NOW, 1)] == [first]


def test_a_kind_is_paged_the_expired_ones_last(service: Service, table: Tokens, user: int, insert: Insert) -> None:
    live = insert("personal", times=3)
    dead = insert("personal", expiry=NOW, times=2)
    insert("mobile")
    insert("personal", user_id=add_user(service.server, "other"))
    order = [live + 2, live + 1, live, dead + 1, dead]
    pages = [table.list_kind(user, "personal", NOW, 2, offset) for offset in (0, 2, 4, 6)]
    assert [each.id for page in pages for each in page] == order
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [table.count_kind(user, "personal", limit) for limit in (4, 5, 10)] == [4, 5, 5]


def rows(service: Service) -> dict[int, tuple[int, int]]:
    """When each token was last used and when it ends, in seconds from NOW."""
    text = service.server.sql("SELECT id, last_access, expiry FROM auth_tokens", "gatepass")
    return {int(a): (int(b) - NOW, int(c) - NOW) for a, b, c in map(str.split, text.splitlines())}


@pytest.mark.parametrize(
    ("columns", "ends"),
    [
        pytest.param({"expiry": NOW + 10}, HOUR, id="from its last use"),
        pytest.param({"expiry": NOW + 10, "creation_time": NOW - DAY + 60}, 60, id="from its login at the latest"),
        pytest.param({"expiry": NOW + 2 * HOUR}, HOUR, id="sooner, as the setting was lowered"),
        pytest.param({"expiry": NOW}, 0, id="it has ended"),
        pytest.param({"expiry": 0}, -NOW, id="it was ended"),
        pytest.param({"expiry": NOW + 10, "kind": "mobile"}, 10, id="of another kind"),
        pytest.param({"kind": "personal"}, NEVER - NOW, id="that never ends"),
    ],
)
def test_a_use_puts_off_the_end_of_a_live_session_of_the_console_alone(
    service: Service, table: Tokens, insert: Insert, columns: dict[str, Any], ends: int
) -> None:
    values = {"kind": "console", "last_access": NOW - 60, **columns}
    used, unused = insert(**values), insert(**values)
    table.touch([used], NOW, idle=HOUR, longest=DAY)
    assert rows(service) == {used: (0, ends), unused: (-60, int(columns.get("expiry", NEVER)) - NOW)}


def test_a_clock_that_is_behind_puts_off_no_end(service: Service, table: Tokens, insert: Insert) -> None:
    one = insert("console", last_access=NOW - 60, expiry=NOW + 10)
    table.touch([one], NOW)
    assert rows(service) == {one: (0, 10)}
    table.touch([one], NOW - 30, idle=5, longest=DAY)
    assert rows(service) == {one: (0, 10)}
    table.touch([one], NOW + 9, idle=HOUR, longest=DAY)
    table.touch([one], NOW + HOUR + 8, idle=HOUR, longest=DAY)
    assert rows(service) == {one: (HOUR + 8, 2 * HOUR + 8)}
    table.touch([one], NOW + 2 * HOUR + 8, idle=HOUR, longest=DAY)
    assert rows(service)[one][1] == 2 * HOUR + 8, "at this very second it is over"
