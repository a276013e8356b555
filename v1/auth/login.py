"""A login: the order of its steps. v1/auth/credentials.py proves the password."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from v1.auth.core import Core
from v1.auth.credentials import Attempt, authenticate
from v1.errors import Busy, GatepassError, Throttled, WrongCredentials
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import Client, Credentials, Issued, Principal, User
from v1.tokens import revoke

Made = TypeVar("Made", Issued, tuple[Issued, Issued])

_OUTCOMES: Final = {WrongCredentials: "failed", Throttled: "throttled", Busy: "busy"}


def login(
    core: Core,
    door: str,
    credentials: Credentials,
    client: Client,
    issue: Callable[[Principal], Made],
    otherwise: Credentials | None = None,
) -> Made:
    """Authenticate the caller and issue what `issue` makes for them. `door` is a label of the counts.

    `otherwise` is another reading of what was sent. It is tried if the first is wrong; both count as one guess. The
    slot is held until the token is issued, so that a database that hangs holds few threads. Raises WrongCredentials,
    Throttled, Busy, DatabaseDown.
    """
    readings = [credentials, otherwise] if otherwise else [credentials]
    with _counted(core, door, client), core.hashing.slot():
        attempt = authenticate(core, readings, client)
        user = attempt.user
        issued = issue(Principal(user.id, user.username, user.access_level, user.is_admin))
        _revoke_if_password_changed(core, attempt, issued if isinstance(issued, tuple) else (issued,))
    core.write_behind.login(door, "ok")
    metrics.logins.labels(door, "ok").inc()
    event("login.ok", door=door, user_id=user.id, address=client.remote_ip, device=client.device_info)
    return issued


def confirm(core: Core, door: str, user_id: int, passwords: Sequence[bytes], client: Client) -> User:
    """The signed-in user of that id, if one of these readings of what they typed is their password.

    A wrong password counts as a guess, a right one not as a login. Raises as `login` does.
    """
    name = core.tables.users.name_as_sent(user_id)
    with _counted(core, door, client), core.hashing.slot():
        user = authenticate(core, [Credentials(name, password) for password in passwords], client).user
        if user.id != user_id:
            raise WrongCredentials("username", user_id=user_id)
        return user


def _revoke_if_password_changed(core: Core, attempt: Attempt, issued: Sequence[Issued]) -> None:
    """Refuse a login whose password was changed before its tokens were there: the change could not revoke them yet.

    Revokes the tokens and raises WrongCredentials. A new hash alone proves no change: another login may have hashed
    the same password anew.
    """
    user, fits = core.tables.users.find_by_id(attempt.user.id), False
    if user is not None and user.password == attempt.user.password:
        return
    try:
        fits = user is not None and core.hashing.run(
            lambda: core.passwords.check(attempt.credentials.password, user.password)
        ).ok
    finally:
        for each in () if fits else issued:
            revoke.delete(core, each.token)
    if not fits:
        raise WrongCredentials("password", user_id=attempt.user.id)


@contextmanager
def _counted(core: Core, door: str, client: Client) -> Iterator[None]:
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
    fields: dict[str, object] = {"door": door, "address": client.remote_ip, "device": client.device_info}
    if isinstance(error, Throttled):
        metrics.throttled.labels(error.scope).inc()
        fields["key"] = error.scope
    if isinstance(error, WrongCredentials):
        fields["reason"] = error.reason
    if isinstance(error, WrongCredentials | Throttled) and error.user_id:
        fields["user_id"] = error.user_id
    event("login.throttled" if outcome == "throttled" else "login.failed", **{"reason": outcome} | fields)
