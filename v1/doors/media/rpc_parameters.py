"""Reads the parameters of a method of `/api/`: by position or by name, with types and defaults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from v1.wire.jsonrpc import INVALID_PARAMS, Params, RpcError


@dataclass(frozen=True)
class Parameter:
    """One parameter of a method. A parameter without a default is required."""

    name: str
    is_valid: Callable[[Any], bool]
    must_be: str
    """What `is_valid` accepts, in words."""
    default: Any = None


def read(params: Params, known: Sequence[Parameter]) -> dict[str, Any]:
    """The value of every known parameter, by name. Raises RpcError if one is missing, unknown or invalid."""
    names = [each.name for each in known]
    if isinstance(params, Mapping):
        given = {name: _integer_if_whole(value) for name, value in params.items()}
    elif len(params) > len(known):
        raise RpcError(INVALID_PARAMS, f"There are at most {len(known)} parameters.")
    else:
        given = dict(zip(names, map(_integer_if_whole, params), strict=False))
    if not set(given) <= set(names):
        raise RpcError(INVALID_PARAMS, f"The parameters are {', '.join(names)}.")
    for each in known:
        if each.default is None and each.name not in given:
            raise RpcError(INVALID_PARAMS, f"{each.name} is required.")
        if each.name in given and not each.is_valid(given[each.name]):
            raise RpcError(INVALID_PARAMS, f"{each.name} must be {each.must_be}.")
    return {each.name: given.get(each.name, each.default) for each in known}


def _integer_if_whole(value: Any) -> Any:
    """3600.0 becomes 3600, as JSON has one type of number. Other values stay."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
