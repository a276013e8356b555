"""Owns a call at `/api/`: who calls, by which token or from where, and the method that is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors.client import client
from v1.doors.media import rpc_methods
from v1.doors.media.rpc_errors import fault
from v1.errors import AccessDenied, DatabaseDown, GatepassError, Unforeseen
from v1.kinds import opening
from v1.observe import logs
from v1.wire.jsonrpc import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, Fault, Params

ACCEPTS: Final = {
    "Auth.CreateAccessToken": opening("rpc.create_access_token"),
    "Auth.CheckAccessToken": opening("rpc.check_access_token"),
}
METHODS: Final = ("Auth.CreateApiToken", *ACCEPTS)
SCOPE: Final = "stream"


@dataclass
class CachedCredentials:
    """What the calls of a batch have shown already: whose the tokens are, or why not, and that the database is down."""

    proven: dict[str, AuthorizedCaller | GatepassError] = field(default_factory=dict)
    down: DatabaseDown | None = None


def call(core: Core, shown: CachedCredentials, method: str, params: Params) -> Any:
    """A call of a batch, or the only one. Raises Fault. Once the database was found down no other waits for it."""
    try:
        if method not in METHODS:
            raise Fault(METHOD_NOT_FOUND)
        if shown.down:
            raise shown.down
        return _dispatch(core, shown, method, params)
    except GatepassError as refusal:
        if isinstance(refusal, DatabaseDown):
            shown.down = refusal
        raise fault(refusal) from None
    except Fault:
        raise
    except Exception as error:
        logs.unforeseen(error)
        raise fault(Unforeseen()) from None


def _dispatch(core: Core, shown: CachedCredentials, method: str, params: Params) -> Any:
    caller = client(core, request)
    if method == "Auth.CreateApiToken" and not (isinstance(params, Mapping) and "stream" in params):
        if not guard.may_create_api_tokens(core.settings, request.environ):
            raise AccessDenied("This method is for programs on the server itself.")
        return rpc_methods.create_api_token(core, _without_tokens(params, "Token", "token"), caller)
    if method == "Auth.CheckAccessToken":
        _authorize(core, shown, method, params, "Token")
        return rpc_methods.check_access_token(core, _without_tokens(params, "Token"))
    # Under either name: the vendor's page prints it under the other.
    by = _authorize(core, shown, "Auth.CreateAccessToken", params, "Token", "token")
    return rpc_methods.create_access_token(core, _without_tokens(params, "Token", "token"), caller, *by)


def _authorize(core: Core, shown: CachedCredentials, method: str, params: Params, *members: str) -> AuthorizedCaller:
    """Who calls, by the token in the header or in one of these members of params. Raises Fault if two differ."""
    secrets = [guard.token_with_optional_scheme(request.environ)]
    if isinstance(params, Mapping):
        secrets += [params[name] for name in members if name in params]
    if not all(isinstance(secret, str) for secret in secrets):
        raise Fault(INVALID_PARAMS, "A token must be a string.")
    return _proven(core, shown, method, {secret for secret in secrets if secret})


def _proven(core: Core, shown: CachedCredentials, method: str, secrets: set[str]) -> AuthorizedCaller:
    if len(secrets) > 1:
        raise Fault(INVALID_REQUEST, "There are two tokens.")
    secret = secrets.pop() if secrets else ""
    if secret not in shown.proven:
        try:
            shown.proven[secret] = guard.check_token(core, lambda: secret, ACCEPTS[method], SCOPE)
        except GatepassError as refusal:
            shown.proven[secret] = refusal
    found = shown.proven[secret]
    if isinstance(found, GatepassError):
        raise found
    return found


def _without_tokens(params: Params, *members: str) -> Params:
    if not isinstance(params, Mapping):
        return params
    return {name: value for name, value in params.items() if name not in members}
