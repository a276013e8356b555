"""The one road to a token: its row is committed, then its text is handed over."""

from collections.abc import Iterator
from contextlib import contextmanager

from v1.db.tables import Tables
from v1.errors import AccessDenied, AlreadyExists, InvalidToken, NotIssued, WrongCredentials
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import Issued, NewToken, Token
from v1.tokens.text import digest


def add(tables: Tables, secret: str, new: NewToken) -> Issued:
    """Commit the row of a token with this text. Raises NotIssued."""
    auth_key = digest(secret)
    if auth_key is None:
        raise ValueError("the text has the form of no token")
    token_id = tables.tokens.add(auth_key, new)
    client, by = new.client, {"by": f"token {new.requested_by}"} if new.requested_by else {}
    where = {"address": client.remote_ip, "device": client.device_info}
    metrics.tokens_issued.labels(new.kind).inc()
    event("token.issued", user_id=new.owner, kind=new.kind, token_id=token_id, **where, **by)
    last_access = new.now if new.last_access is None else new.last_access
    times = new.now, last_access, new.expiry
    token = Token(token_id, new.owner, new.kind, new.name, client.device_info, client.remote_ip, *times, new.claims)
    return Issued(secret, token)


@contextmanager
def for_password(user_id: int) -> Iterator[None]:
    """A token that is not issued to a caller who proved a password: WrongCredentials."""
    try:
        yield
    except NotIssued:
        raise WrongCredentials("disabled", user_id=user_id) from None


@contextmanager
def for_token(full: str = "") -> Iterator[None]:
    """A token that is not issued to a caller who presented one: InvalidToken; or AlreadyExists, or AccessDenied with
    the text `full`, where that is the reason."""
    try:
        yield
    except NotIssued as error:
        if error.reason == "name":
            raise AlreadyExists from None
        raise (AccessDenied(full) if error.reason == "limit" else InvalidToken()) from None
