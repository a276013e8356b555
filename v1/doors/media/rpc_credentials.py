"""Finds and checks the API token that a call of `/api/` presents.

It may stand in the Authorization header, with or without a scheme, or in a member of `params`. A call may present one
token in several places. In a batch each call may present another one, and the header counts for all of them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.errors import GatepassError
from v1.wire.jsonrpc import INVALID_PARAMS, INVALID_REQUEST, Params, RpcError


def presented_token(environ: Mapping[str, Any], params: Params, members: Collection[str]) -> str:
    """The token in the header or in one of these members of params; "" if there is none.

    Raises RpcError for two different tokens, and for a member that is not a string.
    """
    tokens = [guard.token_with_optional_scheme(environ)]
    if isinstance(params, Mapping):
        tokens += [params[name] for name in members if name in params]
    if not all(isinstance(token, str) for token in tokens):
        raise RpcError(INVALID_PARAMS, "A token must be a string.")
    different = {token for token in tokens if token}
    if len(different) > 1:
        raise RpcError(INVALID_REQUEST, "There are two tokens.")
    return different.pop() if different else ""


class CachedCredentials:
    """Checks each token once, however many calls of a batch present it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._outcomes: dict[tuple[str, tuple[str, ...], str], AuthorizedCaller | GatepassError] = {}

    def check(
        self, environ: Mapping[str, Any], token: str, kinds: tuple[str, ...], scope: str
    ) -> AuthorizedCaller:
        """As `guard.check_token`. Raises MissingToken, InvalidToken, DatabaseDown."""
        key = token, kinds, scope
        if key not in self._outcomes:
            try:
                self._outcomes[key] = guard.check_token(self._core, environ, lambda: token, kinds, scope)
            except GatepassError as error:
                self._outcomes[key] = error
        outcome = self._outcomes[key]
        if isinstance(outcome, GatepassError):
            raise outcome
        return outcome
