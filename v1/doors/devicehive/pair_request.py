"""Owns the body of `POST /token/create`: which pair of tokens is asked for."""

import json
from collections.abc import Mapping
from typing import Any, Final

from v1.errors import MalformedRequest
from v1.tokens.families import PairRequest
from v1.tokens.rights import EVERY, NAMES, NOTHING, OWNERS_OWN, Reach, Rights, reach_of
from v1.wire import dates

ID_CHARACTERS: Final = 64
RIGHTS_CHARACTERS: Final = 4000
"""The rights as JSON: a token that is longer no header carries."""

_NAMES: Final = {name.lower(): number for name, number in NAMES.items()}
_NUMBERS: Final = {NOTHING, *NAMES.values()}


def read(fields: Mapping[str, Any]) -> PairRequest:
    """The pair that these fields ask for. Raises MalformedRequest for a field of the wrong type and a date that is
    none; unknown names of actions are ignored."""
    user_id = fields.get("userId")
    if type(user_id) is not int:  # a boolean is one too
        raise MalformedRequest("userId is required, as a whole number.", ("userId",))
    networks, device_types = (_reach(fields, name) for name in ("networkIds", "deviceTypeIds"))
    rights = Rights(_actions(fields.get("actions")), networks, device_types)
    if len(json.dumps(rights.claims())) > RIGHTS_CHARACTERS:
        raise MalformedRequest("There are too many networkIds or deviceTypeIds.", ("networkIds", "deviceTypeIds"))
    return PairRequest(user_id, rights, _date(fields, "expiration"), _date(fields, "refreshExpiration"))


def _actions(value: Any) -> tuple[int, ...]:
    """Their numbers, in order; `*` is all of them."""
    if not isinstance(value, list | None):
        raise MalformedRequest("actions must be an array.", ("actions",))
    numbers = {_action(each) for each in value or ()} & _NUMBERS - {NOTHING}
    if EVERY in numbers:
        return (EVERY,)
    return tuple(sorted(numbers)) or (NOTHING,)


def _action(value: Any) -> int:
    if isinstance(value, str):
        return _NAMES.get(value.lower(), NOTHING)
    if type(value) is int:
        return value
    raise MalformedRequest("An action is a name or a number.", ("actions",))


def _reach(fields: Mapping[str, Any], name: str) -> Reach:
    """The ids as strings, each once. A field that is null or absent reaches what the owner may access."""
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
    try:
        return dates.unix_ms(fields.get(name))
    except ValueError:
        raise MalformedRequest(f"{name} must be a date, like 2030-01-31T12:00:00.000Z.", (name,)) from None
