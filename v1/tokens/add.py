"""Adds a token of any kind: commits its row, and only then hands over its text."""

from collections.abc import Iterator
from contextlib import contextmanager

from v1.errors import AccessDenied, AlreadyExists, InvalidToken, NotIssued, WrongCredentials
from v1.observe import metrics
from v1.records import Issued, NewToken, Token
from v1.tokens.store import TokenStore
from v1.tokens.text import digest


def add(store: TokenStore, secret: str, new: NewToken) -> Issued:
    """Commit the row of a token with this text. Raises NotIssued."""
    auth_key = digest(secret)
    if auth_key is None:
        raise ValueError("the text has the form of no token")
    token_id = store.tables.tokens.add(auth_key, new)
    metrics.tokens_issued.labels(new.kind).inc()
    _log(store, token_id, new)
    last_access = new.now if new.last_access is None else new.last_access
    times, client = (new.now, last_access, new.expiry), new.client
    token = Token(token_id, new.owner, new.kind, new.name, client.device_info, client.remote_ip, *times, new.claims)
    return Issued(secret, token)


def _log(store: TokenStore, token_id: int, new: NewToken) -> None:
    client = new.client
    where = {"address": client.remote_ip, "device": client.device_info, "user_agent": client.user_agent}
    by = {"by": f"token {new.requested_by}"} if new.requested_by else {}
    about = {"user_id": new.owner, "kind": new.kind, "token_id": token_id, "called": new.name}
    store.event("token.issued", **about, **where, **by)


@contextmanager
def wrong_credentials_if_not_issued(user_id: int) -> Iterator[None]:
    """Turns NotIssued into WrongCredentials, for a caller who proved a password: the user was disabled since."""
    try:
        yield
    except NotIssued:
        raise WrongCredentials("disabled", user_id=user_id) from None


@contextmanager
def invalid_token_if_not_issued(limit_message: str = "") -> Iterator[None]:
    """Turns NotIssued into the error for a caller who presented a token: InvalidToken, because that was revoked.

    But AlreadyExists if the name is taken, and AccessDenied with `limit_message` if the limit is reached.
    """
    try:
        yield
    except NotIssued as error:
        if error.reason == "name":
            raise AlreadyExists from None
        raise (AccessDenied(limit_message) if error.reason == "limit" else InvalidToken()) from None
