"""DeviceHive's rights: the actions of a token, and the networks and device types that it may use them on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

EVERY: Final = 0
"""The action that stands for all actions."""

NOTHING: Final = 1
"""The action that allows nothing. A token without any other action has it."""

MANAGE_TOKEN: Final = 15

NAMES: Final[Mapping[str, int]] = {
    "*": EVERY,
    "GetNetwork": 2,
    "GetDevice": 3,
    "GetDeviceNotification": 4,
    "GetDeviceCommand": 5,
    "RegisterDevice": 6,
    "CreateDeviceCommand": 7,
    "UpdateDeviceCommand": 8,
    "CreateDeviceNotification": 9,
    "GetCurrentUser": 10,
    "UpdateCurrentUser": 11,
    "ManageUser": 12,
    "ManageConfiguration": 13,
    "ManageNetwork": 14,
    "ManageToken": MANAGE_TOKEN,
    "ManagePlugin": 16,
    "GetDeviceType": 17,
    "ManageDeviceType": 18,
    "GetDeviceState": 19,  # DeviceHive documents it, but its server does not know it
}
"""The number of each action, by its name in DeviceHive's API."""

ADMIN_ONLY: Final = frozenset({12, 13, 14, 18})
"""The actions of administrators."""

USER_ACTIONS: Final = tuple(sorted(set(NAMES.values()) - ADMIN_ONLY - {EVERY}))
"""The actions of every other user."""


@dataclass(frozen=True)
class Everything:
    """All networks, or all device types."""


@dataclass(frozen=True)
class OwnersOwn:
    """The networks or device types that the token's owner may access. Only DeviceHive knows which these are."""


@dataclass(frozen=True)
class Ids:
    """The networks or device types with these ids."""

    ids: tuple[str, ...]


Reach = Everything | OwnersOwn | Ids
"""The networks, or the device types, that the actions of a token apply to."""

EVERYTHING: Final = Everything()
OWNERS_OWN: Final = OwnersOwn()


def reach_of(claim: list[str] | tuple[str, ...] | None) -> Reach:
    """The reach in a claim `n` or `dt`: null is OwnersOwn, and a list with `*` is Everything."""
    if claim is None:
        return OWNERS_OWN
    return EVERYTHING if "*" in claim else Ids(tuple(claim))


def _claim(reach: Reach) -> tuple[str, ...] | None:
    match reach:
        case Everything():
            return ("*",)
        case OwnersOwn():
            return None
        case Ids(ids):
            return ids


def _covers(held: Reach, asked: Reach) -> bool:
    """Does `held` include `asked`? OwnersOwn includes any ids: they cannot be checked here (see `cannot_check_ids`)."""
    match held, asked:
        case Everything(), _:
            return True
        case OwnersOwn(), Everything():
            return False
        case OwnersOwn(), _:
            return True
        case Ids(ids), Ids(asked_ids):
            return set(asked_ids) <= set(ids)
        case _:
            return False


@dataclass(frozen=True)
class Rights:
    """What a token may do: the numbers of its actions, and the networks and device types that they apply to."""

    actions: tuple[int, ...] = (NOTHING,)
    networks: Reach = OWNERS_OWN
    device_types: Reach = OWNERS_OWN

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Self:
        """The rights in a token's claims: `a` are the actions, `n` the networks, `dt` the device types."""
        return cls(tuple(claims["a"]), reach_of(claims["n"]), reach_of(claims["dt"]))

    @classmethod
    def of_user(cls, is_admin: bool) -> Self:
        """All rights that a user has."""
        return cls((EVERY,), EVERYTHING, EVERYTHING) if is_admin else cls(USER_ACTIONS)

    @property
    def unrestricted(self) -> bool:
        """Are these all rights, without any limit?"""
        return EVERY in self.actions and self.networks == self.device_types == EVERYTHING

    def claims(self) -> dict[str, Any]:
        """The claims of a token with these rights: the inverse of `of`."""
        return {"a": self.actions, "n": _claim(self.networks), "dt": _claim(self.device_types)}

    def may(self, action: int) -> bool:
        """Do these rights include this action?"""
        return bool({EVERY, action} & set(self.actions))

    def cover(self, asked: Self) -> bool:
        """Do these rights include all of `asked`?"""
        actions = EVERY in self.actions or set(asked.actions) <= {*self.actions, NOTHING}
        networks = _covers(self.networks, asked.networks)
        return actions and networks and _covers(self.device_types, asked.device_types)

    def cannot_check_ids(self, asked: Self) -> bool:
        """Does `asked` name ids where these rights say "all that the owner may access"?

        Whether the owner may access these ids, only DeviceHive knows.
        """
        pairs = ((self.networks, asked.networks), (self.device_types, asked.device_types))
        return any(held == OWNERS_OWN and wanted != OWNERS_OWN for held, wanted in pairs)

    def limited_to_user(self, is_admin: bool) -> Self:
        """These rights without those that their owner does not have, or no longer has."""
        if is_admin:
            return self
        actions = USER_ACTIONS if EVERY in self.actions else tuple(sorted(set(self.actions) & set(USER_ACTIONS)))
        networks, device_types = (
            OWNERS_OWN if reach == EVERYTHING else reach for reach in (self.networks, self.device_types)
        )
        return type(self)(actions or (NOTHING,), networks, device_types)


def current_rights(claims: str, is_admin: bool) -> Rights:
    """The rights in the claims of a row, without those that the token's owner no longer has."""
    return Rights.of(json.loads(claims)).limited_to_user(is_admin)
