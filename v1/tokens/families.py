"""Token families: DeviceHive's pairs, an access token and a refresh token each, and who is whose parent.

A token family is what descends from one login: the pair of that login, and the pairs made with its access tokens.

    login: refresh token (the family's id)
        access token                    of the login, or renewed with its refresh token
        refresh token                   of a pair that an access token made
            access token

A token is revoked together with its parent. No token lasts longer than the end of its family.
"""

import json
from dataclasses import dataclass, replace
from typing import Self

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
    """A pair that is asked for. The expiries are Unix milliseconds; None where none was named."""

    user_id: int
    rights: Rights
    access_ms: int | None = None
    refresh_ms: int | None = None


@dataclass(frozen=True)
class TokenFamily:
    """`id` is the id of the login's refresh token, 0 before there is one. No token in it lasts longer than `end`, in
    Unix seconds."""

    id: int = 0
    end: int = NEVER

    @classmethod
    def of(cls, access: PresentedToken) -> Self:
        """The family of an access token, as far as it may make pairs: they end with its own refresh token."""
        claims = json.loads(access.claims)
        return cls(claims["login"], claims["until"])

    def claims(self) -> dict[str, int]:
        """The same under the names in `auth_tokens.claims`."""
        return {"until": self.end, "login": self.id}


@dataclass(frozen=True)
class Minting:
    """What all tokens of one request are minted with. `max_children` as in NewToken."""

    store: TokenStore
    client: Client
    now_ms: int
    max_children: int = 0
    requested_by: int = 0


Pair = tuple[Issued, Issued]
"""The access token and the refresh token."""


def mint_pair(minting: Minting, request: PairRequest, family: TokenFamily) -> Pair:
    """The refresh token first: it is the parent of the access token, unless that is to outlive it. Raises NotIssued."""
    named = request.access_ms if request.refresh_ms is None else request.refresh_ms
    refresh = _mint(minting, request, "jwt_refresh", named, family, family.id)
    own = TokenFamily(family.id or refresh.token.id, refresh.token.expiry)
    unlimited = replace(minting, max_children=0)
    if family.id and request.access_ms is not None and request.access_ms // 1000 > own.end:
        outliving = TokenFamily(family.id, request.access_ms // 1000)
        return mint_access(unlimited, request, outliving, family.id, outlives=True), refresh
    return mint_access(unlimited, request, own, refresh.token.id), refresh


def mint_access(
    minting: Minting, request: PairRequest, family: TokenFamily, parent: int, outlives: bool = False
) -> Issued:
    """An access token of this parent. Raises NotIssued. `outlives`: it lasts longer than its own refresh token."""
    return _mint(minting, request, "jwt_access", request.access_ms, family, parent, outlives)


def _mint(
    minting: Minting,
    request: PairRequest,
    kind: str,
    named_ms: int | None,
    family: TokenFamily,
    parent: int,
    outlives: bool = False,
) -> Issued:
    """One token of a pair, until `named_ms` or for the lifetime of its kind."""
    lifetime_ms = BY_NAME[kind].seconds * 1000
    end_ms = min(minting.now_ms + lifetime_ms, family.end * 1000) if named_ms is None else named_ms
    rights, now = request.rights.claims(), minting.now_ms // 1000
    payload = {"a": rights["a"], "e": end_ms, "t": DEVICEHIVE.index(kind), "u": request.user_id}
    payload |= {"n": rights["n"], "dt": rights["dt"]}
    secret = sign(minting.store.keys.devicehive, {"payload": payload, "jti": mint_jti()})
    claims = rights | family.claims() | ({"alone": True} if outlives else {})  # last, where add_to_family looks for it
    new = NewToken(
        kind=kind,
        owner=request.user_id,
        client=minting.client,
        now=now,
        expiry=max(end_ms // 1000, 1),  # 0 is a token that is being revoked
        claims=json.dumps(claims, separators=(",", ":")),
        parent=parent,
        requested_by=minting.requested_by,
        max_children=minting.max_children,
    )
    return add(minting.store, secret, new)
