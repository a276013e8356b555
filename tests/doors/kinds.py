"""Owns a live token of each kind, and how it is presented: what the tests of several doors need."""

from collections.abc import Callable
from typing import Final

from tests.conftest import Service
from v1 import pairs, tokens
from v1.records import Client, Issued, Principal, Proof
from v1.streams import Grant

PHONE: Final = Client("Pixel 9/📱", "192.0.2.7", "App/7.1")
STREAM: Final = "cam1"

KINDS: Final = (
    *("mobile", "api:introspect", "api:revoke", "api:stream", "stream", "jwt_access", "jwt_refresh"),
    *("management", "personal", "console"),
)
"""Every kind of token; API tokens by their scope."""


def mint(service: Service, kind: str, username: str = "admin") -> str:
    """The text of a new token of that user."""
    store, keys, now = service.core.store, service.core.keys, int(service.clock())
    user = store.users.find(username.encode())
    assert user
    owner = Principal(user.id, user.username, user.access_level, user.is_admin)
    kind, _, scope = kind.partition(":")
    made: dict[str, Callable[[], str]] = {
        "mobile": lambda: tokens.issue(store, owner, PHONE, now).secret,
        "api": lambda: tokens.issue_api(store, owner.user_id, "orders", (scope,), now, now + 3600).secret,
        "stream": lambda: _stream(service, owner, now),
        "jwt_access": lambda: pairs.issue(store, keys, owner, PHONE, now * 1000)[0].secret,
        "jwt_refresh": lambda: pairs.issue(store, keys, owner, PHONE, now * 1000)[1].secret,
        "management": lambda: tokens.issue_management(store, owner, PHONE, now, 3600).secret,
        "personal": lambda: _personal(service, owner, now),
        "console": lambda: tokens.issue_console(store, owner, PHONE, now, 1800).secret,
    }
    return made[kind]()


def _stream(service: Service, owner: Principal, now: int) -> str:
    """Minted by an API token that is there no longer: they end apart."""
    store, keys = service.core.store, service.core.keys
    api = tokens.issue_api(store, owner.user_id, "cameras", ("stream",), now, now + 3600)
    by, grant = proof(service, api), Grant(STREAM, live=True)
    made = tokens.issue_stream(store, keys, owner, by, grant, now, now + 3600, PHONE)
    store.tokens.delete(api.token.id)
    return made.secret


def _personal(service: Service, owner: Principal, now: int) -> str:
    """Each of a name of its own."""
    store = service.core.store
    name = f"token {len(store.tokens.list_kind(owner.user_id, 'personal', now, 100))}"
    by = tokens.issue_management(store, owner, PHONE, now, 3600)
    made = tokens.issue_personal(store, owner, proof(service, by), name, PHONE, now, now + 3600)
    store.tokens.delete(by.token.id)
    return made.secret


def proof(service: Service, issued: Issued) -> Proof:
    """The token as one that was presented."""
    found = tokens.check(service.core.store, service.core.keys, issued.secret, int(service.clock()))
    assert found
    return found[1]
