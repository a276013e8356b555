"""Token families: issues DeviceHive's pairs, each a refresh token and an access token, and says who is whose parent.

A family is what descends from one login: the login's pair, and the pairs that were made with its access tokens.

    refresh token of the login          the head of the family; its id is the family's id
        access token                    of the login, or renewed with the refresh token
        refresh token of another pair   made with any access token of the family
            access token                of that pair, or renewed with its refresh token

A refresh token is revoked with all tokens below it. No token expires later than the pair that it was made with.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from v1.errors import NotIssued
from v1.kinds import BY_NAME
from v1.records import Client, Issued, NewToken, PresentedToken
from v1.tokens.add import add
from v1.tokens.issue import NEVER
from v1.tokens.jwt import DEVICEHIVE, sign
from v1.tokens.rights import Rights
from v1.tokens.store import TokenStore
from v1.tokens.text import mint_jti


@dataclass(frozen=True)
class PairRequest:
    """The pair that a caller asks for. An expiry is in Unix milliseconds; None leaves it to the service."""

    user_id: int
    rights: Rights
    access_ms: int | None = None
    refresh_ms: int | None = None


@dataclass(frozen=True)
class TokenFamily:
    """The family that a new token joins.

    `id` is the id of the login's refresh token; 0 starts a family. `latest_expiry` (Unix seconds) bounds the new token.
    It comes from the pair that the token is made with, so it differs between tokens of one family.
    """

    id: int = 0
    latest_expiry: int = NEVER

    @classmethod
    def of(cls, access: PresentedToken) -> Self:
        """The family that a pair joins which is made with this access token."""
        claims = json.loads(access.claims)
        return cls(claims["login"], claims["until"])

    def claims(self) -> dict[str, int]:
        """What `of` reads later, as part of `auth_tokens.claims`."""
        return {"until": self.latest_expiry, "login": self.id}


@dataclass(frozen=True)
class Minting:
    """What the tokens of one request have in common. `max_children` and `requested_by` as in NewToken."""

    store: TokenStore
    client: Client
    now_ms: int
    max_children: int = 0
    requested_by: int = 0


TRIES: Final = 4
"""How often a pair is made again whose refresh token is revoked at once, the first time included."""

Pair = tuple[Issued, Issued]
"""The access token and the refresh token."""


def mint_pair(minting: Minting, request: PairRequest, family: TokenFamily) -> Pair:
    """A pair in this family. Raises NotIssued.

    "Sign out all others" may revoke the refresh token before its access token is there. Then the pair is made again: if
    the caller may no longer have one, the next try says so.
    """
    for _ in range(TRIES - 1):
        try:
            return _mint_pair(minting, request, family)
        except NotIssued as error:
            if error.reason != "parent":
                raise
    return _mint_pair(minting, request, family)


def _mint_pair(minting: Minting, request: PairRequest, family: TokenFamily) -> Pair:
    """The same, in one try.

    The refresh token is the parent of the access token. But an access token that is asked to outlive it is a child of
    the family's head. If the request gives only the access token's expiry, the refresh token has the same.
    """
    refresh_ms = request.access_ms if request.refresh_ms is None else request.refresh_ms
    refresh = _mint(minting, request, "jwt_refresh", refresh_ms, family, family.id)
    own = TokenFamily(family.id or refresh.token.id, refresh.token.expiry)
    uncounted = replace(minting, max_children=0)  # the limit was checked with the refresh token
    access_seconds = (request.access_ms or 0) // 1000
    if family.id and access_seconds > own.latest_expiry:
        outliving = TokenFamily(family.id, access_seconds)
        return mint_access(uncounted, request, outliving, family.id, outlives=True), refresh
    return mint_access(uncounted, request, own, refresh.token.id), refresh


def mint_access(
    minting: Minting, request: PairRequest, family: TokenFamily, parent: int, outlives: bool = False
) -> Issued:
    """An access token with this parent. `outlives`: it expires later than its own refresh token. Raises NotIssued."""
    return _mint(minting, request, "jwt_access", request.access_ms, family, parent, outlives)


def _mint(
    minting: Minting,
    request: PairRequest,
    kind: str,
    asked_ms: int | None,
    family: TokenFamily,
    parent: int,
    outlives: bool = False,
) -> Issued:
    """One token of a pair. It expires at `asked_ms`; if that is None, after the lifetime of its kind, or earlier where
    the family's bound is earlier."""
    default_ms = min(minting.now_ms + BY_NAME[kind].seconds * 1000, family.latest_expiry * 1000)
    expiry_ms = default_ms if asked_ms is None else asked_ms
    new = NewToken(
        kind=kind,
        owner=request.user_id,
        client=minting.client,
        now=minting.now_ms // 1000,
        expiry=max(expiry_ms // 1000, 1),  # 0 means that the token is being revoked
        claims=_claims(request.rights, family, outlives),
        parent=parent,
        requested_by=minting.requested_by,
        max_children=minting.max_children,
    )
    return add(minting.store, _signed_text(minting.store, request, kind, expiry_ms), new)


def _claims(rights: Rights, family: TokenFamily, outlives: bool) -> str:
    """The claims in the row. The statement `add_to_family` counts the rows whose text ends with `"alone":true`."""
    claims: dict[str, Any] = rights.claims() | family.claims() | ({"alone": True} if outlives else {})
    return json.dumps(claims, separators=(",", ":"))


def _signed_text(store: TokenStore, request: PairRequest, kind: str, expiry_ms: int) -> str:
    """The JWT, with the claims and their order as DeviceHive has them."""
    rights = request.rights.claims()
    payload = {"a": rights["a"], "e": expiry_ms, "t": DEVICEHIVE.index(kind), "u": request.user_id}
    payload |= {"n": rights["n"], "dt": rights["dt"]}
    return sign(store.keys.devicehive, {"payload": payload, "jti": mint_jti()})
