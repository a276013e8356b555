"""Owns DeviceHive's rights: actions, networks and device types; what a user has, and whether one holds another's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

EVERY: Final = 0
NOTHING: Final = 1
MANAGE_TOKEN: Final = 15
ALL: Final = ("*",)

NAMES: Final[Mapping[str, int]] = {
    **{"*": EVERY, "GetNetwork": 2, "GetDevice": 3, "GetDeviceNotification": 4, "GetDeviceCommand": 5},
    **{"RegisterDevice": 6, "CreateDeviceCommand": 7, "UpdateDeviceCommand": 8, "CreateDeviceNotification": 9},
    **{"GetCurrentUser": 10, "UpdateCurrentUser": 11, "ManageUser": 12, "ManageConfiguration": 13},
    **{"ManageNetwork": 14, "ManageToken": MANAGE_TOKEN, "ManagePlugin": 16, "GetDeviceType": 17},
    # GetDeviceState is in DeviceHive's documentation and not in its server: who asks for it gets a token that says so.
    **{"ManageDeviceType": 18, "GetDeviceState": 19},
}
ADMIN_ONLY: Final = frozenset({12, 13, 14, 18})
CLIENT: Final = tuple(sorted(set(NAMES.values()) - ADMIN_ONLY - {EVERY}))


@dataclass(frozen=True)
class Rights:
    """What a token may do. `networks` and `device_types`: None is all that its owner may access, `("*",)` is all."""

    actions: tuple[int, ...] = (NOTHING,)
    networks: tuple[str, ...] | None = None
    device_types: tuple[str, ...] | None = None

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Self:
        """The rights in the claims of a token: `a`, `n`, `dt`."""
        networks, device_types = (None if claims[name] is None else tuple(claims[name]) for name in ("n", "dt"))
        return cls(tuple(claims["a"]), networks, device_types)

    @classmethod
    def of_user(cls, is_admin: bool) -> Self:
        """All that a user has."""
        return cls((EVERY,), ALL, ALL) if is_admin else cls(CLIENT)

    @property
    def unrestricted(self) -> bool:
        """Are these all the rights there are?"""
        return EVERY in self.actions and self.networks == ALL and self.device_types == ALL

    def claims(self) -> dict[str, Any]:
        """The same under the names of the wire."""
        return {"a": self.actions, "n": self.networks, "dt": self.device_types}

    def may(self, action: int) -> bool:
        """Is this action among them?"""
        return bool({EVERY, action} & set(self.actions))

    def cover(self, asked: Self) -> bool:
        """Is all that is asked for held here?"""
        actions = EVERY in self.actions or set(asked.actions) <= {*self.actions, NOTHING}
        networks = _covers(self.networks, asked.networks)
        return actions and networks and _covers(self.device_types, asked.device_types)

    def leave_open(self, asked: Self) -> bool:
        """Is something asked for by its id of which it is held no more than that it is all its owner's? Which those are
        is known to DeviceHive alone."""
        pairs = ((self.networks, asked.networks), (self.device_types, asked.device_types))
        return any(held is None and ids is not None for held, ids in pairs)

    def within(self, is_admin: bool) -> Self:
        """What of them their owner has now."""
        if is_admin:
            return self
        actions = CLIENT if EVERY in self.actions else tuple(sorted(set(self.actions) & set(CLIENT)))
        networks, device_types = (None if ids == ALL else ids for ids in (self.networks, self.device_types))
        return type(self)(actions or (NOTHING,), networks, device_types)


def held(claims: str, is_admin: bool) -> Rights:
    """The rights in a row's claims, as far as their owner has them now."""
    return Rights.of(json.loads(claims)).within(is_admin)


def _covers(held: tuple[str, ...] | None, asked: tuple[str, ...] | None) -> bool:
    if held == ALL or asked == held:
        return True
    if held is None:
        return asked is None or "*" not in asked
    return asked is not None and set(asked) <= set(held)
