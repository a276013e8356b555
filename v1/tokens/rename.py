"""Renames personal tokens."""

from v1.errors import AlreadyExists, NotFound, NotIssued
from v1.tokens import find
from v1.tokens.store import TokenStore


def personal(store: TokenStore, user_id: int, token_id: int, name: str, address: str, now: int) -> None:
    """Rename one of the user's live personal tokens. `address` is the caller's, for the log.

    Raises NotFound, and AlreadyExists if the user has another live one of that name (the column's collation compares
    names).
    """
    token = find.of_user(store, user_id, token_id, "personal")
    if token is None or token.expiry <= now:
        raise NotFound
    if token.name == name:
        return
    try:
        renamed = store.tables.tokens.rename(token, name, now)
    except NotIssued:
        raise AlreadyExists from None
    if not renamed:
        raise NotFound
    store.event("token.renamed", user_id=user_id, token_id=token_id, kind=token.kind, address=address, called=name)
