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
        self._outcomes: dict[str, AuthorizedCaller | GatepassError] = {}

    def check(self, token: str, kinds: Collection[str], scope: str) -> AuthorizedCaller:
        """Whose token it is. Raises MissingToken, InvalidToken, DatabaseDown."""
        if token not in self._outcomes:
            try:
                self._outcomes[token] = guard.check_token(self._core, lambda: token, kinds, scope)
            except GatepassError as error:
                self._outcomes[token] = error
        outcome = self._outcomes[token]
        if isinstance(outcome, GatepassError):
            raise outcome
        return outcome
