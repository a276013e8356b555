"""A login in the order of its steps: slot, authenticate, issue, look again. v1/auth/credentials.py authenticates."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from v1.auth.core import Core
from v1.auth.credentials import Attempt, authenticate
from v1.errors import Busy, GatepassError, Throttled, WrongCredentials
from v1.observe import metrics
from v1.records import Client, Credentials, Issued, Principal, User
from v1.tokens import revoke

Result = TypeVar("Result", Issued, tuple[Issued, Issued])
"""What a door issues: a token or a pair."""

_OUTCOMES: Final = {WrongCredentials: "failed", Throttled: "throttled", Busy: "busy"}


def login(
    core: Core,
    door: str,
    credentials: Credentials,
    client: Client,
    issue: Callable[[Principal], Result],
    fallback: Credentials | None = None,
) -> Result:
    """Authenticate the caller, and return what `issue` makes for them. `door` is a label in metrics and logs.

    `fallback` is another way to understand what the client sent. It is tried if `credentials` are wrong; both count as
    one guess. The slot is held until the token is issued, so that a database that hangs holds few threads. Raises
    WrongCredentials, Throttled, Busy, DatabaseDown.
    """
    candidates = [credentials, fallback] if fallback else [credentials]
    with _failure_recorded(core, door, client), core.hashing.slot():
        attempt = authenticate(core, candidates, client)
        user = attempt.user
        issued = issue(Principal(user.id, user.username, user.access_level, user.is_admin))
        _revoke_if_password_changed(core, attempt, issued if isinstance(issued, tuple) else (issued,))
    core.write_behind.login(door, "ok")
    metrics.logins.labels(door, "ok").inc()
    first = issued[0] if isinstance(issued, tuple) else issued
    core.event("login.ok", user_id=user.id, token_id=first.token.id, **_where(door, client))
    return issued


def confirm(core: Core, door: str, user_id: int, passwords: Sequence[bytes], client: Client) -> User:
    """Check the password of a signed-in user again, and return the user. Raises as `login` does.

    `passwords` are the Unicode forms of what they typed. A wrong one counts as a guess; a right one is no login.
    """
    name = core.tables.users.name_as_sent(user_id)
    with _failure_recorded(core, door, client), core.hashing.slot():
        user = authenticate(core, [Credentials(name, password) for password in passwords], client).user
        if user.id != user_id:  # the user was renamed, and another now has the name
            raise WrongCredentials("username", user_id=user_id)
        return user


def _revoke_if_password_changed(core: Core, attempt: Attempt, issued: Sequence[Issued]) -> None:
    """Refuse a login whose password was changed meanwhile: the change could not revoke tokens that were not there yet.

    Revokes the tokens and raises WrongCredentials. If only the hash is another one, the password is checked again:
    a login at the same time may have rehashed it.
    """
    stored = core.tables.users.password(attempt.user.id)
    if stored == attempt.user.password:
        return
    try:
        if stored is None or not _is_password(core, attempt.credentials.password, stored):
            raise WrongCredentials("password", user_id=attempt.user.id)
    except BaseException:  # Busy too: without a second check there is no token
        for each in issued:
            revoke.delete(core, each.token)
        raise


def _is_password(core: Core, password: bytes, stored: bytes) -> bool:
    return core.hashing.run(lambda: core.passwords.check(password, stored)).ok


@contextmanager
def _failure_recorded(core: Core, door: str, client: Client) -> Iterator[None]:
    """Count and log a login that fails inside. No name is logged: people type passwords there."""
    try:
        yield
    except GatepassError as error:
        _record(core, door, error, client)
        raise


def _record(core: Core, door: str, error: GatepassError, client: Client) -> None:
    outcome = _OUTCOMES.get(type(error), "error")
    core.write_behind.login(door, outcome)
    metrics.logins.labels(door, outcome).inc()
    fields = _where(door, client)
    if isinstance(error, Throttled):
        metrics.throttled.labels(error.scope).inc()
        fields["key"] = error.scope
    if isinstance(error, WrongCredentials):
        fields["reason"] = error.reason
    if isinstance(error, WrongCredentials | Throttled) and error.user_id:
        fields["user_id"] = error.user_id
    core.event("login.throttled" if outcome == "throttled" else "login.failed", **{"reason": outcome} | fields)


def _where(door: str, client: Client) -> dict[str, Any]:
    """The fields of an event that say where a login came from."""
    caller = {"address": client.remote_ip, "device": client.device_info, "user_agent": client.user_agent}
    return {"door": door, **caller}
