"""Counts all live tokens by kind, and all sessions by device, in steps: each `yield` is the end of one.

Tokens that are issued, used or revoked meanwhile may be counted or not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from v1 import kinds
from v1.db.tables.counts import Counts

TOP_DEVICES: Final = 10
"""How many devices are kept."""

FIRST_USER, LAST_USER = -(2**31), 2**31
"""All ids of users lie between."""

DeviceCount = tuple[str, int, int]
"""A name, the number of its sessions, and of their users."""


@dataclass
class Counted:
    """What has been counted so far."""

    kinds: dict[str, int] = field(default_factory=dict)
    devices: list[DeviceCount] = field(default_factory=list)
    """Those with the most sessions."""


def steps(table: Counts, now: int, counted: Counted) -> Iterator[None]:
    """Count everything that is live at `now`, in Unix seconds, into `counted`."""
    for kind in kinds.NAMES:
        counted.kinds[kind] = 0
        for tokens in _of_kind(table, kind, now):
            counted.kinds[kind] += tokens
            yield
    for devices in _devices(table, now):
        counted.devices = sorted([*counted.devices, *devices], key=itemgetter(1), reverse=True)[:TOP_DEVICES]
        yield


def _of_kind(table: Counts, kind: str, now: int) -> Iterator[int]:
    """The numbers of tokens of this kind, by the step."""
    after: int | None = now
    while after is not None:
        expiry = table.next_expiry(kind, after)
        yield table.tokens_before(kind, after, expiry)
        if expiry is not None:
            yield from _of_expiry(table, kind, expiry)
        after = expiry


def _of_expiry(table: Counts, kind: str, expiry: int) -> Iterator[int]:
    """The numbers of tokens of this kind that expire at that time, by the step."""
    after: int | None = 0
    while after is not None:
        last = table.next_token(kind, expiry, after)
        yield table.tokens_of_expiry(kind, expiry, after, last)
        after = last


def _devices(table: Counts, now: int) -> Iterator[list[DeviceCount]]:
    """The devices with the most sessions of each step; nothing where a step ends within a device."""
    after: str | None = None
    while True:
        device = table.next_device(after)
        yield table.devices_before(after, device, now, TOP_DEVICES)
        if device is None:
            return
        sessions = users = 0
        for more_sessions, more_users in _of_device(table, device, now):
            sessions, users = sessions + more_sessions, users + more_users
            yield []
        yield [(device, sessions, users)] if sessions else []
        after = device


def _of_device(table: Counts, device: str, now: int) -> Iterator[tuple[int, int]]:
    """The numbers of sessions and of users of this device, by the step."""
    first: int | None = FIRST_USER
    while first is not None:
        user = table.next_user(device, first)
        until = LAST_USER if user is None else max(user, first + 1)  # a user of more than a step is one step
        yield table.sessions_of_device(device, first, until, now)
        first = None if user is None else until
