"""The body of `POST /token/create`: each argument, what it makes of the pair, and what is refused."""

from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.devicehive.hive import (
    Pair,
    access,
    add_admin,
    create,
    current,
    is_refused,
    log_in,
    pair,
    payload,
    refresh,
    rows,
)
from v1.tokens.rights import NAMES
from v1.wire import dates

NOW_MS = NOW * 1000
HALF_AN_HOUR = 30 * 60 * 1000
HALF_A_YEAR = 182 * 86_400 * 1000
NOON = 1_896_091_200_000
"""2030-01-31T12:00:00Z in milliseconds."""


class By:
    """An administrator who makes pairs for the user ann, and what a pair says."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.ann = add_user(service.server, "ann")
        self.root = add_admin(service, "root")
        self.token = log_in(service, "root").access

    def made(self, **fields: Any) -> Pair:
        return pair(create(self.service, self.token, **{"userId": self.ann, **fields}))

    def rights(self, **fields: Any) -> tuple[list[int], list[str] | None, list[str] | None]:
        """The rights of the pair, which both tokens say alike."""
        access, refresh = (payload(each) for each in vars(self.made(**fields)).values())
        assert {**access, "t": 0, "e": 0} == {**refresh, "e": 0} and (access["t"], refresh["t"]) == (1, 0)
        return access["a"], access["n"], access["dt"]

    def expiries(self, **fields: Any) -> tuple[int, int]:
        made = self.made(**fields)
        return payload(made.access)["e"], payload(made.refresh)["e"]

    def is_wrong(self, **fields: Any) -> bool:
        before = rows(self.service)
        answer = create(self.service, self.token, **{"userId": self.ann, **fields})
        return is_refused(answer, 400) and rows(self.service) == before


@pytest.fixture
def by(service: Service) -> By:
    return By(service)


def test_a_pair_is_the_users_and_has_no_rights_that_nobody_asked_for(by: By) -> None:
    made = by.made()
    expected = {"a": [1], "e": NOW_MS + HALF_AN_HOUR, "t": 1, "u": by.ann, "n": None, "dt": None}
    assert payload(made.access) == expected
    assert payload(made.refresh) == expected | {"t": 0, "e": NOW_MS + HALF_A_YEAR}
    assert current(by.service, made.access).json["login"] == "ann"
    assert is_refused(create(by.service, made.access, userId=by.ann), 403, "Access is denied")


def test_a_user_id_is_a_whole_number_and_nothing_else(by: By) -> None:
    for value in ("1", str(by.ann), "", "x", float(by.ann), 1.5, True, False, None, [], {}, [by.ann], "1e0"):
        assert by.is_wrong(userId=value), value
    assert is_refused(create(by.service, by.token, user_id=by.ann, userID=by.ann), 400)


def test_an_id_that_is_nobodys_is_404_for_an_administrator_and_403_for_a_client(by: By) -> None:
    token = log_in(by.service, "ann").access
    before = rows(by.service)
    for number in (0, -1, 999_999, 2**31 - 1, 2**31, -(2**31), 2**63, 10**30, -(10**30), 10**400):
        assert is_refused(create(by.service, by.token, userId=number), 404, "User not found"), number
        assert is_refused(create(by.service, token, userId=number), 403, "Access is denied"), number
    assert rows(by.service) == before


def test_each_action_is_known_by_its_name_in_any_case_and_by_its_number(by: By) -> None:
    for name, number in NAMES.items():
        for spelled in (name, name.lower(), name.swapcase(), number):
            assert by.rights(userId=by.root, actions=[spelled]) == ([number], None, None), spelled


ACTIONS: list[tuple[Any, list[int]]] = [
    ([], [1]),
    (["GetDeviceState"], [19]),
    (["ManageToken", "GetDevice"], [3, 15]),
    ([15, 3, "getdevice", 3, "ManageToken"], [3, 15]),
    (["Nonsense", "GetDevice", 20, 99, -1, 10**30], [3]),
    (["Nonsense", "", " GetDevice", "GetDevice ", "3", "15", "Get Device", "GetDevice\0", "ＧetDevice"], [1]),
    ([1, "GetDevice"], [3]),
    ([0], [0]),
    (["GetDevice", "*", "Nonsense"], [0]),
    (list(range(0, 30)), [0]),
    (["ManageUser", 13, "managenetwork", 18], [12, 13, 14, 18]),
]


def test_actions_are_mixed_repeated_and_unknown_as_one_likes(by: By) -> None:
    for actions, numbers in ACTIONS:
        assert by.rights(userId=by.root, actions=actions)[0] == numbers, actions


def test_actions_are_a_list_of_names_and_whole_numbers(by: By) -> None:
    for value in ("ManageToken", "*", "", 15, 0, True, 1.5, {}, {"GetDevice": 1}):
        assert by.is_wrong(actions=value), value
    for value in (None, True, False, 3.0, 1.5, [], [3], {}, ["GetDevice"]):
        assert by.is_wrong(actions=[value]) and by.is_wrong(actions=["GetDevice", value]), value


IDS: list[tuple[Any, list[str] | None]] = [
    (None, None),
    ([7], ["7"]),
    ([7, "7", "x", 7, "07"], ["7", "x", "07"]),
    (["*"], ["*"]),
    (["7", "*"], ["*"]),
    ([10**30], [str(10**30)]),
    (["é/📱 "], ["é/📱 "]),
    (["x" * 64], ["x" * 64]),
    (["**", " *", "null"], ["**", " *", "null"]),
]


@pytest.mark.parametrize("name, place", [("networkIds", 1), ("deviceTypeIds", 2)])
def test_ids_are_kept_as_texts_and_none_at_all_are_all_that_the_owner_has(by: By, name: str, place: int) -> None:
    for ids, kept in IDS:
        assert by.rights(userId=by.root, **{name: ids})[place] == kept, ids


@pytest.mark.parametrize("name", ["networkIds", "deviceTypeIds"])
def test_ids_are_a_list_of_whole_numbers_and_texts_of_1_to_64_characters(by: By, name: str) -> None:
    for value in ("*", "7", "", 7, True, 1.5, {}, {"7": 1}):
        assert by.is_wrong(**{name: value}), value
    for each in (None, True, False, 7.0, [], [7], {}, "", "x" * 65, 10**65, "\ud800", "x\udfffy"):
        assert by.is_wrong(**{name: [each]}) and by.is_wrong(**{name: ["7", each]}), each
    assert by.is_wrong(**{name: [f"{number:060}" for number in range(100)]}), "no header carries so many"
    assert by.is_wrong(**{name: [f"{number}" for number in range(1000)]})
    assert current(by.service, by.made(**{name: [f"{number:08}" for number in range(300)]}).access).status_code == 200


DATES: dict[Any, int] = {"2030-01-31T14:00+02:00": NOON, NOON + 123: NOON + 123, dates.LATEST_MS: dates.LATEST_MS}


def test_expiration_is_for_both_and_refresh_expiration_for_the_refresh_token(by: By) -> None:
    for value, moment in DATES.items():
        assert by.expiries(expiration=value) == (moment, moment), value
        assert by.expiries(refreshExpiration=value) == (NOW_MS + HALF_AN_HOUR, moment), value
        assert by.expiries(expiration=NOW_MS + 5000, refreshExpiration=value) == (NOW_MS + 5000, moment), value
        assert by.expiries(expiration=value, refreshExpiration=NOW_MS + 5000) == (moment, NOW_MS + 5000), value


@pytest.mark.parametrize("name", ["expiration", "refreshExpiration"])
def test_what_is_no_date_or_one_that_does_not_exist_is_400(by: By, name: str) -> None:
    for value in ("never", "2030-02-30", " ", True, 1.5, [], {}, [NOON], dates.LATEST_MS + 1, "9" * 5000, "\ud800"):
        assert by.is_wrong(**{name: value}), value


def test_a_past_date_is_taken_and_gives_tokens_that_are_expired(by: By) -> None:
    for past in (0, 1, -1, "1970-01-01", "0001-01-01", -dates.LATEST_MS, NOW_MS, "2023-11-14T22:13:20Z"):
        both = by.made(expiration=past)
        assert is_refused(current(by.service, both.access), 401, "Token expired"), past
        assert is_refused(refresh(by.service, both.refresh), 401, "Token has expired"), past
        only_access = by.made(expiration=past, refreshExpiration=NOON)
        assert is_refused(current(by.service, only_access.access), 401, "Token expired"), past
        assert current(by.service, access(refresh(by.service, only_access.refresh))).status_code == 200, past
        only_refresh = by.made(refreshExpiration=past)
        assert is_refused(refresh(by.service, only_refresh.refresh), 401, "Token has expired"), past
        assert is_refused(current(by.service, only_refresh.access), 401, "Token expired"), "it ends with the other"
