"""A live token of each kind, and how it is presented: what the tests of several doors need."""

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
    core, now = service.core, int(service.clock())
    user = core.tables.users.find(username.encode())
    assert user
    owner = Principal(user.id, user.username, user.access_level, user.is_admin)
    kind, _, scope = kind.partition(":")
    made: dict[str, Callable[[], str]] = {
        "mobile": lambda: issue.mobile(core, owner, PHONE, now).secret,
        "api": lambda: issue.api(core, owner.user_id, "orders", (scope,), now, now + 3600).secret,
        "stream": lambda: _stream(service, owner, now),
        "jwt_access": lambda: pairs.issue_pair(core, owner, PHONE, now * 1000)[0].secret,
        "jwt_refresh": lambda: pairs.issue_pair(core, owner, PHONE, now * 1000)[1].secret,
        "management": lambda: issue.management(core, owner, PHONE, now, 3600).secret,
        "personal": lambda: _personal(service, owner, now),
        "console": lambda: issue.console(core, owner, PHONE, now, 1800).secret,
    }
    return made[kind]()


def _stream(service: Service, owner: Principal, now: int) -> str:
    """Minted by an API token that is there no longer: they end apart."""
    core = service.core
    api = issue.api(core, owner.user_id, "cameras", ("stream",), now, now + 3600)
    by, grant = proof(service, api), Grant(STREAM, live=True)
    made = issue.stream(core, owner, by, grant, now, now + 3600, PHONE)
    core.tables.tokens.delete(api.token.id)
    return made.secret


def _personal(service: Service, owner: Principal, now: int) -> str:
    """Each of a name of its own."""
    core = service.core
    name = f"token {len(core.tables.tokens.list_kind(owner.user_id, 'personal', now, 100))}"
    by = issue.management(core, owner, PHONE, now, 3600)
    made = issue.personal(core, owner, proof(service, by), name, PHONE, now, now + 3600)
    core.tables.tokens.delete(by.token.id)
    return made.secret


def proof(service: Service, issued: Issued) -> PresentedToken:
    """The token as one that was presented."""
    found = find.check(service.core, issued.secret, int(service.clock()))
    assert found
    return found[1]
