"""Issues DeviceHive's pairs: for a password, or for an access token. Renews access tokens."""

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
MAX_USER_ID: Final = 2**31 - 1  # users.id is an INT
FULL: Final = "There are too many tokens of this login: revoke one, or log in again"


def issue_pair(store: TokenStore, owner: Principal, client: Client, now_ms: int, max_sessions: int = 0) -> Pair:
    """The pair of a login, with all rights that the user has.

    Revokes sessions over `max_sessions` and raises WrongCredentials, as `issue.mobile` does.
    """
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
    """A pair made with the access token `bearer`, which `may_create`. Raises AccessDenied, NotFound, InvalidToken.

    The pair has no rights that `bearer` or the pair's owner lacks. If `bearer` has every right of an administrator, it
    makes pairs for any user, each the start of a family. Any other makes pairs for its own user and in its own family,
    in which one refresh token has at most `max_children` live refresh tokens below it.
    """
    holds = current_rights(bearer.claims, caller.is_admin)
    all_rights = caller.is_admin and holds.unrestricted
    owner = _owner(store, caller, request.user_id, any_user=all_rights)
    family = TokenFamily() if all_rights else TokenFamily.of(bearer)
    # A DeviceHive server that shares the key believes the ids in a token, and only it knows whose they are.
    check_ids = store.keys.shared and not all_rights
    if (check_ids and holds.cannot_check_ids(request.rights)) or not _may_have(holds, request, owner, family):
        raise AccessDenied(DENIED)
    minting = Minting(store, client, now_ms, max_children, requested_by=bearer.id)
    with invalid_token_if_not_issued(FULL):
        return mint_pair(minting, replace(request, rights=request.rights.limited_to_user(owner.is_admin)), family)


def _may_have(holds: Rights, request: PairRequest, owner: User, family: TokenFamily) -> bool:
    """May the owner have this pair from a caller with these rights? Also checks the expiries that are asked for."""
    if set(request.rights.actions) & ADMIN_ONLY and not owner.is_admin:
        return False
    latest_ms = max(request.access_ms or 0, request.refresh_ms or 0)
    return latest_ms // 1000 <= family.latest_expiry and holds.cover(request.rights)


def may_create(caller: Principal, bearer: PresentedToken) -> bool:
    """Has this access token the right to create pairs?"""
    return current_rights(bearer.claims, caller.is_admin).may(MANAGE_TOKEN)


def renew_access(
    store: TokenStore, owner: Principal, refresh: PresentedToken, client: Client, now_ms: int, max_children: int = 0
) -> Issued:
    """A new access token for a refresh token. It has the rights of the refresh token that the user still has.

    Raises InvalidToken if the refresh token was revoked, AccessDenied if it has `max_children` live access tokens.
    """
    request = PairRequest(owner.user_id, current_rights(refresh.claims, owner.is_admin))
    family = TokenFamily(refresh.parent or refresh.id, refresh.expiry)
    with invalid_token_if_not_issued(FULL):
        return mint_access(Minting(store, client, now_ms, max_children), request, family, refresh.id)


def _owner(store: TokenStore, caller: Principal, user_id: int, any_user: bool) -> User:
    """The user whom a pair is made for: the caller, or with `any_user` anybody."""
    if user_id != caller.user_id and not any_user:
        raise AccessDenied(DENIED)
    owner = store.tables.users.find_by_id(user_id) if 0 < user_id <= MAX_USER_ID else None
    if owner is None:
        raise NotFound
    if owner.disabled:
        raise AccessDenied(DISABLED)
    return owner
