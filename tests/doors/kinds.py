"""Owns a live token of each kind, and how it is presented: what the tests of several doors need."""

from collections.abc import Callable
from typing import Final

from tests.conftest import Service
from v1.records import Client, Issued, PresentedToken, Principal
from v1.tokens import find, issue, pairs
from v1.tokens.stream_grants import Grant

PHONE: Final = Client("Pixel 9/📱", "192.0.2.7", "App/7.1")
STREAM: Final = "cam1"

KINDS: Final = (
    *("mobile", "api:introspect", "api:revoke", "api:stream", "stream", "jwt_access", "jwt_refresh"),
    *("management", "personal", "console"),
)
"""Every kind of token; API tokens by their scope."""


def mint(service: Service, kind: str, username: str = "admin") -> str:
    """The text of a new token of that user."""
    tables, keys, now = service.core.tables, service.core.keys, int(service.clock())
    user = tables.users.find(username.encode())
    assert user
    owner = Principal(user.id, user.username, user.access_level, user.is_admin)
    kind, _, scope = kind.partition(":")
    made: dict[str, Callable[[], str]] = {
        "mobile": lambda: issue.mobile(tables, owner, PHONE, now).secret,
        "api": lambda: issue.api(tables, owner.user_id, "orders", (scope,), now, now + 3600).secret,
        "stream": lambda: _stream(service, owner, now),
        "jwt_access": lambda: pairs.issue_pair(tables, keys, owner, PHONE, now * 1000)[0].secret,
        "jwt_refresh": lambda: pairs.issue_pair(tables, keys, owner, PHONE, now * 1000)[1].secret,
        "management": lambda: issue.management(tables, owner, PHONE, now, 3600).secret,
        "personal": lambda: _personal(service, owner, now),
        "console": lambda: issue.console(tables, owner, PHONE, now, 1800).secret,
    }
    return made[kind]()


def _stream(service: Service, owner: Principal, now: int) -> str:
    """Minted by an API token that is there no longer: they end apart."""
    tables, keys = service.core.tables, service.core.keys
    api = issue.api(tables, owner.user_id, "cameras", ("stream",), now, now + 3600)
    by, grant = proof(service, api), Grant(STREAM, live=True)
    made = issue.stream(tables, keys, owner, by, grant, now, now + 3600, PHONE)
    tables.tokens.delete(api.token.id)
    return made.secret


def _personal(service: Service, owner: Principal, now: int) -> str:
    """Each of a name of its own."""
    tables = service.core.tables
    name = f"token {len(tables.tokens.list_kind(owner.user_id, 'personal', now, 100))}"
    by = issue.management(tables, owner, PHONE, now, 3600)
    made = issue.personal(tables, owner, proof(service, by), name, PHONE, now, now + 3600)
    tables.tokens.delete(by.token.id)
    return made.secret


def proof(service: Service, issued: Issued) -> PresentedToken:
    """The token as one that was presented."""
    found = find.check(service.core.tables, service.core.keys, issued.secret, int(service.clock()))
    assert found
    return found[1]
