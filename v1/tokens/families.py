"""Owns DeviceHive's pair of tokens: issuing one for a password or for another token, and renewing the access token.

A token ends with what it hangs on: an access token with its refresh token, a pair that a token made with its login's.
"""

import json
from dataclasses import dataclass, replace
from typing import Final

from v1.db.tables import Tables
from v1.errors import AccessDenied, GatepassError, InvalidToken, NotFound, WrongCredentials
from v1.records import Client, Issued, PresentedToken, Principal, Token, User
from v1.tokens import issue, revoke
from v1.tokens.jwt import DEVICEHIVE, Keys, sign
from v1.tokens.rights import ADMIN_ONLY, MANAGE_TOKEN, Rights, held
from v1.tokens.text import mint_jti

ACCESS_MS: Final = 30 * 60 * 1000
REFRESH_MS: Final = 182 * 86_400 * 1000
"""How long the two are good where nobody says otherwise, in milliseconds."""

DENIED: Final = "Access is denied"
DISABLED: Final = "User is locked or disabled"
FULL: Final = "There are too many tokens of this login: revoke one, or log in again"


@dataclass(frozen=True)
class PairRequest:
    """A pair that is asked for. The expiries are Unix milliseconds, None where none was named. `by` is the id of the
    token that asks, 0 at a login."""

    user_id: int
    rights: Rights
    access_ms: int | None = None
    refresh_ms: int | None = None
    by: int = 0
    most: int = 0
    """How many live tokens of its kind may hang on one refresh token, itself included; 0 for no limit."""


@dataclass(frozen=True)
class Parent:
    """The refresh token that a new one hangs on (0: on none), when that ends (Unix seconds), and that of the login.
    `alone`: for an access token that outlives its own refresh token, and so hangs on that of the login.
    """

    id: int
    expiry: int
    login: int = 0
    alone: bool = False


NONE: Final = Parent(0, issue.NEVER)

Pair = tuple[Issued, Issued]
"""The access token and the refresh token."""


def issue_pair(tables: Tables, keys: Keys, owner: Principal, client: Client, now_ms: int, most: int = 0) -> Pair:
    """The pair of a login, with all that the user has. Raises WrongCredentials and drops sessions as `issue.mobile`."""
    wanted = PairRequest(owner.user_id, Rights.of_user(owner.is_admin))
    access, refresh = _pair(tables, keys, wanted, NONE, client, now_ms)
    revoke.enforce_session_limit(tables, refresh.token, most, now_ms // 1000)
    return access, refresh


def create_pair(
    tables: Tables,
    keys: Keys,
    caller: Principal,
    bearer: PresentedToken,
    wanted: PairRequest,
    client: Client,
    now_ms: int,
    most: int = 0,
) -> Pair:
    """A pair made by the bearer of an access token that `may_create`. Raises AccessDenied, NotFound.

    It never holds more than the bearer, nor than its owner has. An administrator's bearer with every right makes pairs
    for anybody, each on its own. Any other's are for its own user, hang on the refresh token of the login that it
    descends from, which has at most `most` live refresh tokens, and end no later than the bearer's own.
    """
    asked, holds = wanted.rights, held(bearer.claims, caller.is_admin)
    unbound = caller.is_admin and holds.unrestricted
    owner = _owner(tables, caller, wanted.user_id, unbound)
    too_much = set(asked.actions) & ADMIN_ONLY and not owner.is_admin
    too_far = keys.shared and not unbound and holds.leave_open(asked)
    parent = NONE if unbound else _parent(bearer)
    too_long = max(wanted.access_ms or 0, wanted.refresh_ms or 0) // 1000 > parent.expiry
    if too_much or too_far or too_long or not holds.cover(asked):
        raise AccessDenied(DENIED)
    cut = replace(wanted, rights=asked.within(owner.is_admin), by=bearer.id, most=most)
    try:
        return _pair(tables, keys, cut, parent, client, now_ms)
    except WrongCredentials:
        raise _not_made(tables, owner.id, parent) from None


def may_create(caller: Principal, bearer: PresentedToken) -> bool:
    """Has the access token the right to make others?"""
    return held(bearer.claims, caller.is_admin).may(MANAGE_TOKEN)


def renew_access(
    tables: Tables, keys: Keys, owner: Principal, refresh: PresentedToken, client: Client, now_ms: int, most: int = 0
) -> Issued:
    """A new access token for a refresh token: its rights, as far as the user has them now. Raises InvalidToken, and
    AccessDenied where `most` live access tokens hang on it."""
    wanted = PairRequest(owner.user_id, held(refresh.claims, owner.is_admin), most=most)
    own = Parent(refresh.id, refresh.expiry, refresh.parent or refresh.id)
    try:
        return _access(tables, keys, wanted, own, client, now_ms)
    except WrongCredentials:
        raise _not_made(tables, owner.user_id, own) from None


def _not_made(tables: Tables, user_id: int, parent: Parent) -> GatepassError:
    """Why no row was added: the user is disabled, or the refresh token to hang on revoked, or there are enough."""
    owner, refresh = tables.users.find_by_id(user_id), tables.tokens.find_by_id(parent.id)
    full = owner is not None and not owner.disabled and refresh is not None and refresh.expiry > 0
    return AccessDenied(FULL) if full else InvalidToken()


def _owner(tables: Tables, caller: Principal, user_id: int, unbound: bool) -> User:
    """For whom a pair may be made: an administrator's bearer with every right makes them for anybody."""
    if user_id != caller.user_id and not unbound:
        raise AccessDenied(DENIED)
    owner = tables.users.find_by_id(user_id) if 0 < user_id < 2**31 else None
    if owner is None:
        raise NotFound
    if owner.disabled:
        raise AccessDenied(DISABLED)
    return owner


def _pair(tables: Tables, keys: Keys, wanted: PairRequest, parent: Parent, client: Client, now_ms: int) -> Pair:
    """The refresh token first: the access token hangs on it, or where it is to outlive it, on what that hangs on."""
    named = wanted.refresh_ms if wanted.refresh_ms is not None else wanted.access_ms
    until_ms = min(now_ms + REFRESH_MS, parent.expiry * 1000) if named is None else named
    refresh = _add(tables, keys, "jwt_refresh", wanted, until_ms, parent, client, now_ms)
    own = Parent(refresh.token.id, refresh.token.expiry, parent.id or refresh.token.id)
    if parent.id and wanted.access_ms is not None and wanted.access_ms // 1000 > own.expiry:
        own = Parent(parent.id, wanted.access_ms // 1000, parent.id, alone=True)
    return _access(tables, keys, replace(wanted, most=0), own, client, now_ms), refresh


def _access(tables: Tables, keys: Keys, wanted: PairRequest, parent: Parent, client: Client, now_ms: int) -> Issued:
    until_ms = min(now_ms + ACCESS_MS, parent.expiry * 1000) if wanted.access_ms is None else wanted.access_ms
    return _add(tables, keys, "jwt_access", wanted, until_ms, parent, client, now_ms)


def _add(
    tables: Tables, keys: Keys, kind: str, wanted: PairRequest, end_ms: int, parent: Parent, client: Client, now_ms: int
) -> Issued:
    rights = wanted.rights.claims()
    payload = {"a": rights["a"], "e": end_ms, "t": DEVICEHIVE.index(kind), "u": wanted.user_id}
    payload |= {"n": rights["n"], "dt": rights["dt"]}
    secret = sign(keys.devicehive, {"payload": payload, "jti": mint_jti()})
    about = {"until": parent.expiry, "login": parent.login} | ({"alone": True} if parent.alone else {})
    claims = json.dumps(rights | about, separators=(",", ":"))  # "alone" comes last: add_to_family looks for it there
    now = now_ms // 1000
    expiry = max(end_ms // 1000, 1)  # 0 is a token that is being revoked
    token = Token(0, wanted.user_id, kind, None, client.device_info, "", now, now, expiry, claims)
    return issue.add(tables, secret, token, client, parent.id, wanted.by, wanted.most)


def _parent(bearer: PresentedToken) -> Parent:
    """What the pairs hang on that the bearer of an access token makes: so none is deeper than below another."""
    claims = json.loads(bearer.claims)
    return Parent(claims["login"], claims["until"])
