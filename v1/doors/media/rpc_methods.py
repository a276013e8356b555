"""Owns the `Auth.*` methods of the media server's JSON-RPC API: their parameters, who may call them, what they make."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from v1.auth.core import Core
from v1.records import Client, PresentedToken, Principal
from v1.tokens import find, issue
from v1.tokens.stream_grants import ACTIONS, Grant
from v1.wire.jsonrpc import INVALID_PARAMS, Fault, Params

TEN_YEARS: Final = 315_360_000
"""The longest ttl but 0, in seconds."""

_UID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True)
class Parameter:
    """A named parameter; without a default it is required. `fits` says what a value must be, `must` in words."""

    name: str
    fits: Callable[[Any], bool]
    must: str
    default: Any = None


def read(params: Params, known: Sequence[Parameter]) -> dict[str, Any]:
    """The values of all parameters, by name. Raises Fault for one that is missing, unknown or ill-typed."""
    names = [each.name for each in known]
    if isinstance(params, Mapping):
        given = {name: _whole(value) for name, value in params.items()}
    elif len(params) > len(known):
        raise Fault(INVALID_PARAMS, f"There are at most {len(known)} parameters.")
    else:
        given = dict(zip(names, map(_whole, params), strict=False))
    if not set(given) <= set(names):
        raise Fault(INVALID_PARAMS, f"The parameters are {', '.join(names)}.")
    for each in known:
        if each.default is None and each.name not in given:
            raise Fault(INVALID_PARAMS, f"{each.name} is required.")
        if each.name in given and not each.fits(given[each.name]):
            raise Fault(INVALID_PARAMS, f"{each.name} must be {each.must}.")
    return {each.name: given.get(each.name, each.default) for each in known}


def create_api_token(core: Core, params: Params, client: Client) -> str:
    """`string Auth.CreateApiToken(unsigned ttl)`: a token of scope `stream`, and nobody's own."""
    ttl = read(params, CREATE_API_TOKEN)["ttl"]
    now = int(core.clock())
    return issue.api(core.tables, 0, "Auth.CreateApiToken", ("stream",), now, _until(now, ttl), client).secret


def create_access_token(core: Core, params: Params, client: Client, owner: Principal, api: PresentedToken) -> str:
    """`string Auth.CreateAccessToken(uid stream, unsigned ttl, bool live, bool dvr, bool copy, unsigned from, to)`."""
    ttl, grant = _grant(params)
    now = int(core.clock())
    expiry = min(_until(now, ttl), api.expiry)  # what is minted never outlives what minted it
    return issue.stream(core.tables, core.keys, owner, api, grant, now, expiry, client).secret


def check_access_token(core: Core, params: Params) -> dict[str, Any]:
    """`object Auth.CheckAccessToken(string token, uid stream, string action, unsigned at)`: `allowed` and `expires`."""
    token, stream, action, at = read(params, CHECK_ACCESS_TOKEN).values()
    found = find.check(core.tables, core.keys, token, int(core.clock()))
    if found is None or found[1].kind != "stream" or not Grant.of(found[1].claims).allows(stream, action, at):
        return {"allowed": False}
    return {"allowed": True, "expires": found[1].expiry}


def _grant(params: Params) -> tuple[int, Grant]:
    """The ttl in seconds and what is granted."""
    stream, ttl, live, dvr, copy, begin, end = read(params, CREATE_ACCESS_TOKEN).values()
    if begin and end and end < begin:
        raise Fault(INVALID_PARAMS, "to must not be before from.")
    return ttl, Grant(stream, live, dvr, copy, begin, end)


def _until(now: int, ttl: int) -> int:
    return now + ttl if ttl else issue.NEVER


def _whole(value: Any) -> Any:
    """The value, but 3600.0 as the whole number that it is: JSON has one type of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_seconds(value: Any) -> bool:
    return type(value) is int and 0 <= value <= issue.NEVER


def _is_ttl(value: Any) -> bool:
    return type(value) is int and 0 <= value <= TEN_YEARS


def _is_uid(value: Any) -> bool:
    return isinstance(value, str) and _UID.fullmatch(value) is not None


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


_SECONDS: Final = "a whole number of seconds, not below 0"
_TTL: Final = f"a whole number of seconds, 0 to {TEN_YEARS}"
_STREAM: Final = Parameter("stream", _is_uid, "1 to 64 of A-Z, a-z, 0-9, _, . and -")
CREATE_API_TOKEN: Final = (Parameter("ttl", _is_ttl, _TTL),)
CREATE_ACCESS_TOKEN: Final = (
    _STREAM,
    Parameter("ttl", _is_ttl, _TTL, 3600),
    *(Parameter(name, _is_bool, "true or false", False) for name in ACTIONS),
    *(Parameter(name, _is_seconds, _SECONDS, 0) for name in ("from", "to")),
)
CHECK_ACCESS_TOKEN: Final = (
    Parameter("token", lambda value: isinstance(value, str), "a string"),
    _STREAM,
    Parameter("action", lambda value: isinstance(value, str) and value in ACTIONS, "live, dvr or copy"),
    Parameter("at", _is_seconds, _SECONDS, 0),
)
