"""Runs the calls of `/api/`: finds the method, authorizes the caller as the method demands, and calls its function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors.client import client
from v1.doors.media import rpc_methods
from v1.doors.media.rpc_credentials import CachedCredentials, presented_token
from v1.doors.media.rpc_errors import rpc_error
from v1.errors import AccessDenied, DatabaseDown, GatepassError, Unforeseen
from v1.kinds import kinds_that_open
from v1.observe import logs
from v1.records import Client
from v1.wire.jsonrpc import METHOD_NOT_FOUND, Params, RpcError


@dataclass(frozen=True)
class LocalMethod:
    """A method for programs on this machine. They need no token; one that they present is ignored."""

    run: Callable[[Core, Params, Client], Any]
    token_members: tuple[str, ...]
    """The members of `params` that may hold the caller's token. They are not parameters of the method."""


@dataclass(frozen=True)
class TokenMethod:
    """A method for holders of a token of these kinds and of scope `stream`."""

    run: Callable[[Core, Params, Client, AuthorizedCaller], Any]
    token_members: tuple[str, ...]
    kinds: tuple[str, ...]


METHODS: Final[Mapping[str, LocalMethod | TokenMethod]] = {
    "Auth.CreateApiToken": LocalMethod(rpc_methods.create_api_token, ("Token", "token")),
    "Auth.CreateAccessToken": TokenMethod(
        rpc_methods.create_access_token, ("Token", "token"), kinds_that_open("rpc.create_access_token")
    ),
    # In this method `token` is a parameter: the stream token to check.
    "Auth.CheckAccessToken": TokenMethod(
        rpc_methods.check_access_token, ("Token",), kinds_that_open("rpc.check_access_token")
    ),
}
ACCEPTS: Final = {name: method.kinds for name, method in METHODS.items() if isinstance(method, TokenMethod)}
"""The kinds of token that open each method."""


class Dispatcher:
    """Runs the calls of one HTTP request: a single call, or each call of a batch.

    Once a call has found the database down, the others fail without asking it again.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._credentials = CachedCredentials(core)
        self._database_down: DatabaseDown | None = None

    def run(self, name: str, params: Params) -> Any:
        """The result of one call. Raises RpcError, and nothing else."""
        try:
            return self._run(find_method(name, params), params)
        except RpcError:
            raise
        except GatepassError as error:
            if isinstance(error, DatabaseDown):
                self._database_down = error
            raise rpc_error(error) from None
        except Exception as error:
            logs.unforeseen(error)
            raise rpc_error(Unforeseen()) from None

    def _run(self, method: LocalMethod | TokenMethod, params: Params) -> Any:
        if self._database_down:
            raise self._database_down
        own_params = _without(method.token_members, params)
        caller = client(self._core, request)
        match method:
            case LocalMethod():
                if not guard.may_create_api_tokens(self._core.settings, request.environ):
                    raise AccessDenied("This method is for programs on the server itself.")
                return method.run(self._core, own_params, caller)
            case TokenMethod():
                token = presented_token(request.environ, params, method.token_members)
                authorized = self._credentials.check(request.environ, token, method.kinds, scope="stream")
                return method.run(self._core, own_params, caller, authorized)


def find_method(name: str, params: Params) -> LocalMethod | TokenMethod:
    """The method of this name. Raises RpcError if there is none.

    The vendor's documentation prints a call of CreateAccessToken under the name CreateApiToken. It is recognized by its
    parameter `stream`, which CreateApiToken does not have.
    """
    if name == "Auth.CreateApiToken" and isinstance(params, Mapping) and "stream" in params:
        name = "Auth.CreateAccessToken"
    if name not in METHODS:
        raise RpcError(METHOD_NOT_FOUND)
    return METHODS[name]


def _without(members: tuple[str, ...], params: Params) -> Params:
    if not isinstance(params, Mapping):
        return params
    return {name: value for name, value in params.items() if name not in members}
