"""Owns a login: the order of its steps lives here and nowhere else. v1/auth/credentials.py proves the password."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from v1.auth.core import Core
from v1.auth.credentials import Credentials, prove
from v1.errors import Busy, GatepassError, Throttled, WrongCredentials
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import Client, Issued, Principal, User
from v1.tokens import revoke

Made = TypeVar("Made", Issued, tuple[Issued, Issued])

_OUTCOMES: Final = {WrongCredentials: "failed", Throttled: "throttled", Busy: "busy"}


def login(
    core: Core,
    door: str,
    username: bytes,
    password: bytes,
    client: Client,
    issue: Callable[[Principal], Made],
    otherwise: tuple[bytes, bytes] | None = None,
) -> Made:
    """What `issue` makes for whom these credentials prove the caller to be. `door` is for the counts.

    `otherwise` is another reading of what was sent, tried if the first one is wrong; both are one guess. A login holds
    its place in the line until its token is there, and only then is it good. Raises WrongCredentials, Throttled, Busy,
    DatabaseDown.
    """
    readings = [Credentials(username, password), *([Credentials(*otherwise)] if otherwise else [])]
    try:
        with core.hashing.place():
            user, proven = prove(core, readings, client)
            issued = issue(Principal(user.id, user.username, user.access_level, user.is_admin))
            _look_again(core, user, proven.password, issued if isinstance(issued, tuple) else (issued,))
    except GatepassError as refusal:
        _note(core, door, refusal, client)
        raise
    core.write_behind.login(door, "ok")
    metrics.logins.labels(door, "ok").inc()
    event("login.ok", door=door, user_id=user.id, address=client.remote_ip, device=client.device_info)
    return issued


def confirm(core: Core, door: str, user_id: int, passwords: Sequence[bytes], client: Client) -> User:
    """The user of that id, who is signed in, if one of these readings of what they typed is their password.

    A wrong one counts as any guess, a right one as no login. Raises as `login` does.
    """
    name = core.tables.users.name_as_sent(user_id)
    try:
        with core.hashing.place():
            user, _ = prove(core, [Credentials(name, password) for password in passwords], client)
        if user.id != user_id:
            raise WrongCredentials("username", user_id=user_id)
        return user
    except GatepassError as refusal:
        _note(core, door, refusal, client)
        raise


def _look_again(core: Core, user: User, password: bytes, made: tuple[Issued, ...]) -> None:
    """Refuse a login whose password was changed meanwhile: whoever changed it could not sign this one out yet.

    Deletes the tokens that the login has made, and raises WrongCredentials. A hash that differs proves no change:
    another login may have hashed the same password anew.
    """
    now, fits = core.tables.users.find_by_id(user.id), False
    if now is not None and now.password == user.password:
        return
    try:
        fits = now is not None and core.hashing.run(lambda: core.passwords.check(password, now.password)).ok
    finally:
        for issued in () if fits else made:
            revoke.delete(core.tables, issued.token)
    if not fits:
        raise WrongCredentials("password", user_id=user.id)


def _note(core: Core, door: str, refusal: GatepassError, client: Client) -> None:
    """The counts and the log line of a login that failed. No name is logged: people type passwords there."""
    outcome = _OUTCOMES.get(type(refusal), "error")
    core.write_behind.login(door, outcome)
    metrics.logins.labels(door, outcome).inc()
    fields: dict[str, object] = {"door": door, "address": client.remote_ip, "device": client.device_info}
    if isinstance(refusal, Throttled):
        metrics.throttled.labels(refusal.key).inc()
        fields["key"] = refusal.key
    if isinstance(refusal, WrongCredentials):
        fields["reason"] = refusal.reason
    if isinstance(refusal, WrongCredentials | Throttled) and refusal.user_id:
        fields["user_id"] = refusal.user_id
    event("login.throttled" if outcome == "throttled" else "login.failed", **{"reason": outcome} | fields)
