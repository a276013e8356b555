"""Reads the body of `POST /token/create`: the pair of tokens that is requested."""

import json
from collections.abc import Mapping
from typing import Any, Final

from v1.errors import MalformedRequest
from v1.tokens.families import PairRequest
from v1.tokens.rights import EVERY, NAMES, NOTHING, OWNERS_OWN, Reach, Rights, reach_of
from v1.wire import dates

ID_CHARACTERS: Final = 64
RIGHTS_CHARACTERS: Final = 4000
"""The most characters of the rights as JSON: a longer token fits into no header."""

_NAMES: Final = {name.lower(): number for name, number in NAMES.items()}
_ACTIONS: Final = frozenset(NAMES.values()) - {NOTHING}


def read(fields: Mapping[str, Any]) -> PairRequest:
    """The requested pair. Unknown names of actions are ignored. Raises MalformedRequest for a field of the wrong type
    and for a date that does not exist."""
    user_id = fields.get("userId")
    if type(user_id) is not int:  # a bool is an int too
        raise MalformedRequest("userId is required, as a whole number.", ("userId",))
    networks, device_types = (_reach(fields, name) for name in ("networkIds", "deviceTypeIds"))
    rights = Rights(_actions(fields.get("actions")), networks, device_types)
    if len(json.dumps(rights.claims())) > RIGHTS_CHARACTERS:
        raise MalformedRequest("There are too many networkIds or deviceTypeIds.", ("networkIds", "deviceTypeIds"))
    return PairRequest(user_id, rights, _date(fields, "expiration"), _date(fields, "refreshExpiration"))


def _actions(value: Any) -> tuple[int, ...]:
    """The numbers of the actions, sorted; `*` means all of them."""
    if not isinstance(value, list | None):
        raise MalformedRequest("actions must be an array.", ("actions",))
    numbers = {_action(each) for each in value or ()} & _ACTIONS
    if EVERY in numbers:
        return (EVERY,)
    return tuple(sorted(numbers)) or (NOTHING,)


def _action(value: Any) -> int:
    """The number of an action; NOTHING for an unknown name."""
    if isinstance(value, str):
        return _NAMES.get(value.lower(), NOTHING)
    if type(value) is int:
        return value
    raise MalformedRequest("An action is a name or a number.", ("actions",))


def _reach(fields: Mapping[str, Any], name: str) -> Reach:
    """The ids as strings, without duplicates; what the owner may access if the field is null or absent."""
    value = fields.get(name)
    if value is None:
        return OWNERS_OWN
    if not isinstance(value, list) or not all(type(each) in (int, str) for each in value):
        raise MalformedRequest(f"{name} must be an array of ids.", (name,))
    ids = tuple(dict.fromkeys(map(str, value)))
    if not all(0 < len(each) <= ID_CHARACTERS and each.isprintable() for each in ids):
        raise MalformedRequest(f"An id in {name} has 1 to {ID_CHARACTERS} printable characters.", (name,))
    return reach_of(ids)


def _date(fields: Mapping[str, Any], name: str) -> int | None:
    """Unix milliseconds; None if the field is null or absent."""
    try:
        return dates.unix_ms(fields.get(name))
    except ValueError:
        raise MalformedRequest(f"{name} must be a date, like 2030-01-31T12:00:00.000Z.", (name,)) from None
