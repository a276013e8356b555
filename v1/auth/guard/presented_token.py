"""Authorizes a request by the token that it presents."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from v1.auth.core import Core
from v1.auth.guard.authorization_header import token_in_header
from v1.errors import GatepassError, InvalidToken, MalformedRequest, MissingToken
from v1.observe import metrics
from v1.records import PresentedToken, Principal
from v1.tokens import find

_OUTCOMES: Final = {MissingToken: "missing", InvalidToken: "invalid", MalformedRequest: "invalid"}
"""The errors' labels in the metrics; any other error is `error`."""


class AuthorizedCaller(NamedTuple):
    """Whose token a request presented, and the token."""

    principal: Principal
    token: PresentedToken


def authorize(core: Core, environ: Mapping[str, Any], kinds: Collection[str], scope: str = "") -> AuthorizedCaller:
    """Check the token in the Authorization header: it must be live, of one of these kinds, and have this scope.

    Raises MissingToken, InvalidToken (whatever is wrong with the token), DatabaseDown. `last_access` is updated later.
    """
    return check_token(core, lambda: token_in_header(environ), kinds, scope)


def check_token(
    core: Core, read_token: Callable[[], str], kinds: Collection[str], scope: str = ""
) -> AuthorizedCaller:
    """As `authorize`, for a token that is not in that header. `read_token` returns its text, "" for none, or raises.

    `read_token` is called inside, so that the metrics also count a check whose token cannot be read.
    """
    try:
        caller = _check(core, read_token(), kinds, scope)
    except GatepassError as error:
        metrics.token_checks.labels(_OUTCOMES.get(type(error), "error")).inc()
        raise
    metrics.token_checks.labels("ok").inc()
    return caller


def _check(core: Core, text: str, kinds: Collection[str], scope: str) -> AuthorizedCaller:
    if not text:
        raise MissingToken
    now = int(core.clock())
    found = find.check(core, text, now)
    if found is None or found[1].kind not in kinds or (scope and scope not in found[1].scopes):
        raise InvalidToken(find.rejection_reason(core.keys, text, kinds, now))
    core.write_behind.used(found[1], now)
    return AuthorizedCaller(*found)
