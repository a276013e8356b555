"""The steps of a count of live tokens and devices: together they are exact, and none reads much more than its rows."""

from operator import itemgetter
from typing import Final

import pytest

from tests.conftest import NOW, Service, add_user
from tests.db.conftest import Insert
from v1.auth import counting
from v1.auth.counting import Counted
from v1.db.pool import Database
from v1.db.tables.counts import Counts

STEPS: Final = (1, 2, 3, 7, 1000)


def of_steps(service: Service, step: int) -> Counts:
    """The table, of which so many rows are counted at once."""
    settings = service.core.settings
    return Counts(Database(settings.database_url, 60, 60), step)


def counted(service: Service, step: int = 1000) -> Counted:
    found = Counted()
    for _ in counting.steps(of_steps(service, step), NOW, found):
        pass
    return found


def some(found: Counted) -> dict[str, int]:
    return {kind: tokens for kind, tokens in found.kinds.items() if tokens}


@pytest.mark.parametrize("step", STEPS)
def test_live_tokens_are_counted_by_kind_however_many_end_together(service: Service, insert: Insert, step: int) -> None:
    assert some(counted(service, step)) == {}
    insert("api", user_id=0, times=10)  # which never end
    for seconds in (1, 2, 2, 3, 3, 3, 4, 5):
        insert("mobile", expiry=NOW + seconds)
    insert("console", expiry=NOW + 9, times=2)
    insert("mobile", expiry=NOW, times=9)
    insert("jwt_refresh", expiry=0)
    assert some(counted(service, step)) == {"api": 10, "mobile": 8, "console": 2}


@pytest.mark.parametrize("step", STEPS)
def test_devices_are_counted_as_the_collation_sees_them(service: Service, insert: Insert, step: int) -> None:
    other = add_user(service.server, "other")
    insert("mobile", device_info="iPhone", times=2)
    insert("console", device_info="iphone", user_id=other)
    insert("jwt_refresh", device_info="Тостер 😀", times=2)
    insert("mobile", device_info="", expiry=NOW + 1)
    insert("mobile", device_info="\t", expiry=NOW + 1)  # which comes before the empty name
    for kind in ("personal", "api", "jwt_access", "stream", "management"):
        insert(kind, device_info="curl", times=3)
    insert("mobile", device_info="Nokia", expiry=NOW, times=9)
    first, *others = counted(service, step).devices
    assert (first[0].lower(), *first[1:]) == ("iphone", 3, 2)
    assert others[0] == ("Тостер 😀", 2, 1) and sorted(others[1:]) == [("", 1, 1), ("\t", 1, 1)]


@pytest.mark.parametrize("step", STEPS)
def test_the_ten_devices_with_the_most_sessions_are_exact(service: Service, insert: Insert, step: int) -> None:
    insert("mobile", device_info="other", user_id=2, times=4)
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" WITH RECURSIVE each_one (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each_one WHERE n < 120)"
        f" SELECT n, n MOD 7, 0, {NOW + 1}, 0, CONCAT('device ', FLOOR(SQRT(n))) FROM each_one",
        "gatepass",
    )
    truth = service.server.sql(
        "SELECT device_info, COUNT(*) AS sessions, COUNT(DISTINCT user_id) FROM auth_tokens GROUP BY device_info"
        " ORDER BY sessions DESC",
        "gatepass",
    )
    rows = [line.split("\t") for line in truth.splitlines()][:10]
    assert [*map(itemgetter(1, 2), counted(service, step).devices)] == [(int(a), int(b)) for _, a, b in rows]


def test_no_step_reads_much_more_than_its_rows(service: Service, insert: Insert) -> None:
    for seconds in range(1, 5):
        insert("mobile", expiry=NOW + seconds, device_info=f"device {seconds}", user_id=seconds, times=25)
    insert("mobile", device_info="device 2", user_id=9, times=100)
    table = of_steps(service, 10)
    found = list(counting._of_kind(table, "mobile", NOW))
    assert sum(found) == 200 and max(found) <= 11
    found = [sessions for sessions, _ in counting._of_device(table, "device 2", NOW)]
    assert sum(found) == 125 and max(found) <= 100, "a user is counted as a whole"
