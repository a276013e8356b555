"""Tests v1/tokens/rights.py: which actions there are, what a user has of them, and which rights exceed others."""

import json

import pytest

from v1.tokens.rights import (
    ADMIN_ONLY,
    EVERY,
    EVERYTHING,
    MANAGE_TOKEN,
    NAMES,
    NOTHING,
    OWNERS_OWN,
    USER_ACTIONS,
    Ids,
    Reach,
    Rights,
    current_rights,
)

OWN, ALL, NONE = OWNERS_OWN, EVERYTHING, Ids(())
SEVEN, EIGHT, BOTH = Ids(("7",)), Ids(("8",)), Ids(("7", "8"))


def test_the_actions_have_the_numbers_that_devicehive_gives_them() -> None:
    expected = (
        *("GetNetwork", "GetDevice", "GetDeviceNotification", "GetDeviceCommand", "RegisterDevice"),
        *("CreateDeviceCommand", "UpdateDeviceCommand", "CreateDeviceNotification", "GetCurrentUser"),
        *("UpdateCurrentUser", "ManageUser", "ManageConfiguration", "ManageNetwork", "ManageToken", "ManagePlugin"),
        *("GetDeviceType", "ManageDeviceType", "GetDeviceState"),
    )
    assert NAMES == {"*": 0} | {name: number for number, name in enumerate(expected, 2)}
    assert (EVERY, NOTHING, MANAGE_TOKEN) == (0, 1, 15)


def test_a_client_has_all_but_every_action_and_those_of_administrators() -> None:
    assert USER_ACTIONS == (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 19)
    assert ADMIN_ONLY == {12, 13, 14, 18}
    assert Rights.of_user(False) == Rights(USER_ACTIONS, OWN, OWN)


def test_an_administrator_has_every_action_and_all_networks_and_types() -> None:
    assert Rights.of_user(True) == Rights((0,), ALL, ALL)


def test_rights_that_nobody_named_are_none() -> None:
    assert Rights() == Rights((NOTHING,), OWN, OWN)
    assert not any(Rights().may(number) for number in NAMES.values())


@pytest.mark.parametrize("number", sorted(NAMES.values()))
def test_every_action_stands_for_each_of_them_and_any_other_for_itself_alone(number: int) -> None:
    assert Rights((EVERY,)).may(number)
    assert [other for other in NAMES.values() if Rights((number,)).may(other)] in ([number], list(NAMES.values()))
    assert Rights((number,)).may(EVERY) is (number == EVERY)


@pytest.mark.parametrize(
    "rights", [Rights(), Rights((0,), ALL, ALL), Rights((2, 15), SEVEN, NONE), Rights((3,), NONE, OWN)]
)
def test_rights_come_back_from_the_json_of_a_row_as_they_were(rights: Rights) -> None:
    assert Rights.of(json.loads(json.dumps(rights.claims()))) == rights
    assert list(rights.claims()) == ["a", "n", "dt"]


@pytest.mark.parametrize(
    "mine, asked, covered",
    [
        ((0,), (0,), True),
        ((0,), (12, 15), True),
        ((1,), (2,), False),
        ((2,), (1,), True),
        ((2, 15), (15,), True),
        ((2, 15), (2, 3), False),
        ((2, 15), (0,), False),
        (USER_ACTIONS, USER_ACTIONS, True),
        (USER_ACTIONS, (0,), False),
        (tuple(NAMES.values())[1:], (0,), False),
    ],
)
def test_actions_are_covered(mine: tuple[int, ...], asked: tuple[int, ...], covered: bool) -> None:
    assert Rights(mine).cover(Rights(asked)) is covered


REACHES = (OWN, ALL, NONE, SEVEN, EIGHT, BOTH, Ids(("07",)), Ids(("8", "7")))
COVERED = {
    OWN: set(REACHES) - {ALL},
    ALL: set(REACHES),
    NONE: {NONE},
    SEVEN: {SEVEN, NONE},
    BOTH: {SEVEN, EIGHT, BOTH, Ids(("8", "7")), NONE},
}


@pytest.mark.parametrize("field", ["networks", "device_types"])
@pytest.mark.parametrize("mine", COVERED)
def test_ids_are_covered_by_ids_that_include_them_and_by_what_the_owner_may_access(field: str, mine: Reach) -> None:
    rights = Rights((0,), **{field: mine})
    assert {each for each in REACHES if rights.cover(Rights((2,), **{field: each}))} == COVERED[mine]


@pytest.mark.parametrize(
    "rights, of_a_client",
    [
        (Rights((0,), ALL, ALL), Rights(USER_ACTIONS, OWN, OWN)),
        (Rights((0,), SEVEN, NONE), Rights(USER_ACTIONS, SEVEN, NONE)),
        (Rights((0,), OWN, ALL), Rights(USER_ACTIONS, OWN, OWN)),
        (Rights((3, 12, 15), OWN, OWN), Rights((3, 15), OWN, OWN)),
        (Rights((12, 13, 14, 18), ALL, SEVEN), Rights((1,), OWN, SEVEN)),
        (Rights((1,), OWN, OWN), Rights((1,), OWN, OWN)),
        (Rights(USER_ACTIONS, SEVEN, EIGHT), Rights(USER_ACTIONS, SEVEN, EIGHT)),
        (Rights((99,), OWN, OWN), Rights((1,), OWN, OWN)),
    ],
)
def test_a_client_keeps_what_a_client_may_have_and_an_administrator_all(rights: Rights, of_a_client: Rights) -> None:
    assert rights.limited_to_user(False) == of_a_client
    assert rights.limited_to_user(True) == rights
    assert of_a_client.limited_to_user(False) == of_a_client
    row = json.dumps(rights.claims() | {"until": 8, "login": 1})
    assert (current_rights(row, False), current_rights(row, True)) == (of_a_client, rights)
    assert Rights.of_user(False).cover(of_a_client)
