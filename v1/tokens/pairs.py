"""Issues DeviceHive's pairs of tokens for a password or for an access token, and renews access tokens."""

from dataclasses import replace
from typing import Final

from v1.errors import AccessDenied, NotFound
from v1.records import Client, Issued, PresentedToken, Principal, User
from v1.tokens import revoke
from v1.tokens.add import invalid_token_if_not_issued, wrong_credentials_if_not_issued
from v1.tokens.families import Minting, Pair, PairRequest, TokenFamily, mint_access, mint_pair
from v1.tokens.rights import ADMIN_ONLY, MANAGE_TOKEN, Rights, current_rights
from v1.tokens.store import TokenStore

DENIED: Final = "Access is denied"
DISABLED: Final = "User is locked or disabled"
FULL: Final = "There are too many tokens of this login: revoke one, or log in again"


def issue_pair(store: TokenStore, owner: Principal, client: Client, now_ms: int, max_sessions: int = 0) -> Pair:
    """The pair of a login, with all rights that the user has. Raises and revokes sessions as `issue.mobile` does."""
    request = PairRequest(owner.user_id, Rights.of_user(owner.is_admin))
    with wrong_credentials_if_not_issued(owner.user_id):
        access, refresh = mint_pair(Minting(store, client, now_ms), request, TokenFamily())
    revoke.enforce_session_limit(store, refresh.token, max_sessions, now_ms // 1000)
    return access, refresh


def create_pair(
    store: TokenStore,
    caller: Principal,
    bearer: PresentedToken,
    request: PairRequest,
    client: Client,
    now_ms: int,
    max_children: int = 0,
) -> Pair:
    """A pair made with an access token that `may_create`. Raises AccessDenied, NotFound, InvalidToken.

    It never holds more rights than the access token, nor than its owner has. An administrator's access token with
    every right makes pairs for any user, each the start of a family. Any other makes them for its own user and in its
    own family, where one refresh token has at most `max_children` live ones below it.
    """
    asked, holds = request.rights, current_rights(bearer.claims, caller.is_admin)
    unbound = caller.is_admin and holds.unrestricted
    owner = _owner(store, caller, request.user_id, unbound)
    family = TokenFamily() if unbound else TokenFamily.of(bearer)
    admin_only = set(asked.actions) & ADMIN_ONLY and not owner.is_admin
    undecidable = store.keys.shared and not unbound and holds.cannot_check_ids(asked)
    too_long = max(request.access_ms or 0, request.refresh_ms or 0) // 1000 > family.end
    if admin_only or undecidable or too_long or not holds.cover(asked):
        raise AccessDenied(DENIED)
    minting = Minting(store, client, now_ms, max_children, bearer.id)
    with invalid_token_if_not_issued(FULL):
        return mint_pair(minting, replace(request, rights=asked.limited_to_user(owner.is_admin)), family)


def may_create(caller: Principal, bearer: PresentedToken) -> bool:
    """Has the access token the right to make others?"""
    return current_rights(bearer.claims, caller.is_admin).may(MANAGE_TOKEN)


def renew_access(
    store: TokenStore, owner: Principal, refresh: PresentedToken, client: Client, now_ms: int, max_children: int = 0
) -> Issued:
    """A new access token for a refresh token, with its rights as far as the user has them now.

    Raises InvalidToken if the refresh token was revoked, AccessDenied where it has `max_children` live ones.
    """
    request = PairRequest(owner.user_id, current_rights(refresh.claims, owner.is_admin))
    family = TokenFamily(refresh.parent or refresh.id, refresh.expiry)
    with invalid_token_if_not_issued(FULL):
        return mint_access(Minting(store, client, now_ms, max_children), request, family, refresh.id)


def _owner(store: TokenStore, caller: Principal, user_id: int, unbound: bool) -> User:
    """The user for whom a pair may be made: the caller, or with an unbound access token any."""
    if user_id != caller.user_id and not unbound:
        raise AccessDenied(DENIED)
    owner = store.tables.users.find_by_id(user_id) if 0 < user_id < 2**31 else None
    if owner is None:
        raise NotFound
    if owner.disabled:
        raise AccessDenied(DISABLED)
    return owner
