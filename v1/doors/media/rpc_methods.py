"""The `Auth.*` methods of the media server's JSON-RPC API. rpc_dispatch.py authorizes their callers."""

import re
from typing import Any, Final

from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors.media.rpc_parameters import Parameter, read
from v1.records import Client
from v1.tokens import find, issue
from v1.tokens.stream_grants import ACTIONS, Grant
from v1.wire.jsonrpc import INVALID_PARAMS, Params, RpcError

NO_USER: Final = 0
TEN_YEARS: Final = 315_360_000
"""The largest ttl, in seconds. A token with a ttl of 0 never expires."""

_STREAM_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def create_api_token(core: Core, params: Params, client: Client) -> str:
    """`string Auth.CreateApiToken(unsigned ttl)`: an API token of scope `stream` that belongs to no user."""
    ttl = read(params, CREATE_API_TOKEN)["ttl"]
    now = int(core.clock())
    scopes = ("stream",)
    return issue.api(core, NO_USER, "Auth.CreateApiToken", scopes, now, _expiry(now, ttl), client).secret


def create_access_token(core: Core, params: Params, client: Client, caller: AuthorizedCaller) -> str:
    """`string Auth.CreateAccessToken(uid stream, unsigned ttl, bool live, bool dvr, bool copy, unsigned from, to)`.

    A stream token, which ends no later than the API token that created it.
    """
    stream, ttl, live, dvr, copy, begin, end = read(params, CREATE_ACCESS_TOKEN).values()
    if begin and end and end < begin:
        raise RpcError(INVALID_PARAMS, "to must not be before from.")
    grant = Grant(stream, live, dvr, copy, begin, end)
    now = int(core.clock())
    expiry = min(_expiry(now, ttl), caller.token.expiry)
    return issue.stream(core, caller.principal, caller.token, grant, now, expiry, client).secret


def check_access_token(core: Core, params: Params, client: Client, caller: AuthorizedCaller) -> dict[str, Any]:
    """`object Auth.CheckAccessToken(string token, uid stream, string action, unsigned at)`: `allowed` and `expires`.

    The check does not count as a use of the stream token.
    """
    token, stream, action, at = read(params, CHECK_ACCESS_TOKEN).values()
    _, checked = find.check(core, token, int(core.clock())) or (None, None)
    if checked is None or checked.kind != "stream" or not Grant.of(checked.claims).allows(stream, action, at):
        return {"allowed": False}
    return {"allowed": True, "expires": checked.expiry}


def _expiry(now: int, ttl: int) -> int:
    return now + ttl if ttl else issue.NEVER


def _is_seconds(value: Any) -> bool:
    return type(value) is int and 0 <= value <= issue.NEVER


def _is_ttl(value: Any) -> bool:
    return type(value) is int and 0 <= value <= TEN_YEARS


def _is_stream_name(value: Any) -> bool:
    return isinstance(value, str) and _STREAM_NAME.fullmatch(value) is not None


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _is_action(value: Any) -> bool:
    return isinstance(value, str) and value in ACTIONS


_SECONDS: Final = "a whole number of seconds, not below 0"
_TTL: Final = f"a whole number of seconds, 0 to {TEN_YEARS}"
_STREAM: Final = Parameter("stream", _is_stream_name, "1 to 64 of A-Z, a-z, 0-9, _, . and -")
CREATE_API_TOKEN: Final = (Parameter("ttl", _is_ttl, _TTL),)
CREATE_ACCESS_TOKEN: Final = (
    _STREAM,
    Parameter("ttl", _is_ttl, _TTL, default=3600),
    *(Parameter(name, _is_bool, "true or false", default=False) for name in ACTIONS),
    *(Parameter(name, _is_seconds, _SECONDS, default=0) for name in ("from", "to")),
)
CHECK_ACCESS_TOKEN: Final = (
    Parameter("token", _is_string, "a string"),
    _STREAM,
    Parameter("action", _is_action, "live, dvr or copy"),
    Parameter("at", _is_seconds, _SECONDS, default=0),
)
