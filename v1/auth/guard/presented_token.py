"""Authorizes a request by the token that it presents."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

from v1.auth.core import Core
from v1.auth.guard.authorization_header import token_in_header
from v1.auth.guard.forwarded_for import client_address
from v1.errors import GatepassError, InvalidToken, MalformedRequest, MissingToken
from v1.observe import metrics
from v1.records import PresentedToken, Principal
from v1.tokens import find

_OUTCOMES: Final = {MissingToken: "missing", InvalidToken: "invalid", MalformedRequest: "invalid"}
"""The errors' labels in the metrics; any other error is `error`."""

_OK: Final = metrics.token_checks.labels("ok")


class AuthorizedCaller(NamedTuple):
    """Whose token a request presented, and the token."""

    principal: Principal
    token: PresentedToken


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """A check that has begun: the text, its digest (None if the text can be no token), and what is demanded of it."""

    text: str = field(repr=False)
    auth_key: str | None = field(repr=False)
    kinds: Collection[str]
    scope: str
    now: int
    environ: Mapping[str, Any] = field(repr=False)


def authorize(core: Core, environ: Mapping[str, Any], kinds: Collection[str], scope: str = "") -> AuthorizedCaller:
    """Check the token in the Authorization header: it must be live, of one of these kinds, and have this scope.

    Raises MissingToken, InvalidToken (whatever is wrong with the token), DatabaseDown. `last_access` is updated later.
    """
    return check_token(core, environ, lambda: token_in_header(environ), kinds, scope)


def check_token(
    core: Core,
    environ: Mapping[str, Any],
    read_token: Callable[[], str],
    kinds: Collection[str],
    scope: str = "",
    is_use: bool = True,
) -> AuthorizedCaller:
    """As `authorize`, for a token that is not in that header. `read_token` returns its text, "" for none, or raises.

    Without `is_use` the check does not count as a use of the token: `last_access` stays.
    """
    check = begin_check(core, environ, read_token, kinds, scope)
    return finish_check(core, check, look_up(core, check), is_use)


def begin_check(
    core: Core, environ: Mapping[str, Any], read_token: Callable[[], str], kinds: Collection[str], scope: str = ""
) -> TokenCheck:
    """The first half of `check_token`: what must be looked up. Raises MissingToken, and what `read_token` raises.

    `read_token` is called inside, so that the metrics also count a check whose token cannot be read.
    """
    try:
        text = read_token()
        if not text:
            raise MissingToken
    except GatepassError as error:
        raise _counted(error)
    return TokenCheck(text, find.auth_key_of(core.keys, text), kinds, scope, int(core.clock()), environ)


def look_up(core: Core, check: TokenCheck) -> find.Found | None | Exception:
    """What the database holds of the check's token. An error is the result."""
    try:
        return find.look_up(core, check.auth_key, check.now) if check.auth_key else None
    except Exception as error:
        return error


def unpack(core: Core, check: TokenCheck, row: str | None | Exception) -> find.Found | None | Exception:
    """The same, of a packed row that was looked up elsewhere (v1/tokens/find.py: prepared_check)."""
    try:
        return find.live(core, row, check.now) if isinstance(row, str) else row
    except Exception as error:
        return error


def finish_check(
    core: Core, check: TokenCheck, found: find.Found | None | Exception, is_use: bool = True
) -> AuthorizedCaller:
    """The second half of `check_token`, given what was looked up. Raises InvalidToken, or the error of the look-up."""
    if isinstance(found, Exception):
        raise _counted(found) if isinstance(found, GatepassError) else found
    if found is None or found[1].kind not in check.kinds or (check.scope and check.scope not in found[1].scopes):
        raise _counted(InvalidToken(find.rejection_reason(core.keys, check.text, check.kinds, check.now)))
    if is_use:
        address = partial(client_address, check.environ, core.settings.trusted_proxies)
        core.write_behind.used(found[1], check.now, address)
    _OK.inc()
    return AuthorizedCaller(*found)


def _counted(error: GatepassError) -> GatepassError:
    """Count a check that ended with this error."""
    metrics.token_checks.labels(_OUTCOMES.get(type(error), "error")).inc()
    return error
