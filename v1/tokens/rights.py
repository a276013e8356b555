"""DeviceHive's rights: actions, networks and device types; what a user has, and which rights cover which."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

EVERY: Final = 0
NOTHING: Final = 1
MANAGE_TOKEN: Final = 15

NAMES: Final[Mapping[str, int]] = {
    **{"*": EVERY, "GetNetwork": 2, "GetDevice": 3, "GetDeviceNotification": 4, "GetDeviceCommand": 5},
    **{"RegisterDevice": 6, "CreateDeviceCommand": 7, "UpdateDeviceCommand": 8, "CreateDeviceNotification": 9},
    **{"GetCurrentUser": 10, "UpdateCurrentUser": 11, "ManageUser": 12, "ManageConfiguration": 13},
    **{"ManageNetwork": 14, "ManageToken": MANAGE_TOKEN, "ManagePlugin": 16, "GetDeviceType": 17},
    # GetDeviceState is in DeviceHive's documentation and not in its server: a token that asks for it says so.
    **{"ManageDeviceType": 18, "GetDeviceState": 19},
}
ADMIN_ONLY: Final = frozenset({12, 13, 14, 18})
CLIENT: Final = tuple(sorted(set(NAMES.values()) - ADMIN_ONLY - {EVERY}))


@dataclass(frozen=True)
class Everything:
    """All networks or device types there are."""


@dataclass(frozen=True)
class OwnersOwn:
    """All that the owner may access. Only DeviceHive knows which those are."""


@dataclass(frozen=True)
class Ids:
    """The networks or device types of these ids."""

    ids: tuple[str, ...]


Reach = Everything | OwnersOwn | Ids
"""How far an action reaches."""

EVERYTHING: Final = Everything()
OWNERS_OWN: Final = OwnersOwn()


def reach_of(claim: list[str] | tuple[str, ...] | None) -> Reach:
    """The reach of a claim `n` or `dt`: null is what the owner may access, and `*` is everything."""
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
    match held, asked:
        case Everything(), _:
            return True
        case OwnersOwn(), Everything():
            return False
        case OwnersOwn(), _:
            return True  # but see `names_ids_beyond`
        case Ids(ids), Ids(asked_ids):
            return set(asked_ids) <= set(ids)
        case _:
            return False


@dataclass(frozen=True)
class Rights:
    """What a token may do: the numbers of its actions, and how far they reach."""

    actions: tuple[int, ...] = (NOTHING,)
    networks: Reach = OWNERS_OWN
    device_types: Reach = OWNERS_OWN

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Self:
        """The rights in the claims of a token: `a`, `n`, `dt`."""
        return cls(tuple(claims["a"]), reach_of(claims["n"]), reach_of(claims["dt"]))

    @classmethod
    def of_user(cls, is_admin: bool) -> Self:
        """All rights of a user."""
        return cls((EVERY,), EVERYTHING, EVERYTHING) if is_admin else cls(CLIENT)

    @property
    def unrestricted(self) -> bool:
        """Are these all the rights there are?"""
        return EVERY in self.actions and self.networks == self.device_types == EVERYTHING

    def claims(self) -> dict[str, Any]:
        """The same under the names of the wire."""
        return {"a": self.actions, "n": _claim(self.networks), "dt": _claim(self.device_types)}

    def may(self, action: int) -> bool:
        """Is this action among them?"""
        return bool({EVERY, action} & set(self.actions))

    def cover(self, asked: Self) -> bool:
        """Do these rights include all that is asked for?"""
        actions = EVERY in self.actions or set(asked.actions) <= {*self.actions, NOTHING}
        networks = _covers(self.networks, asked.networks)
        return actions and networks and _covers(self.device_types, asked.device_types)

    def names_ids_beyond(self, asked: Self) -> bool:
        """Does `asked` name ids where these rights only hold what the owner may access?"""
        pairs = ((self.networks, asked.networks), (self.device_types, asked.device_types))
        return any(held == OWNERS_OWN and wanted != OWNERS_OWN for held, wanted in pairs)

    def within(self, is_admin: bool) -> Self:
        """These rights as far as their owner has them now."""
        if is_admin:
            return self
        actions = CLIENT if EVERY in self.actions else tuple(sorted(set(self.actions) & set(CLIENT)))
        networks, device_types = (
            OWNERS_OWN if reach == EVERYTHING else reach for reach in (self.networks, self.device_types)
        )
        return type(self)(actions or (NOTHING,), networks, device_types)


def held(claims: str, is_admin: bool) -> Rights:
    """The rights in the claims of a row, as far as their owner has them now."""
    return Rights.of(json.loads(claims)).within(is_admin)
