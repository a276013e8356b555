"""Who asks the doors when requests are drawn by a machine: a service on the suite's database, and its callers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.conftest import Clock, Server, Service, add_user, environment
from tests.doors.console.signed_in import SAME_ORIGIN
from tests.doors.kinds import mint
from v1 import create_app
from v1.doors.console.visits import cookie_name
from v1.settings import load


@dataclass(frozen=True)
class Callers:
    """A service with an administrator `admin`, and what each kind of caller presents to it."""

    service: Service
    user_id: int

    def headers(self, caller: str) -> dict[str, str]:
        """New each time, as many requests end the token that they present. `caller` is `nobody` or a kind of token."""
        if caller == "nobody":
            return {}
        if caller == "personal":  # a user may have 200, each of another name
            self.service.server.sql("DELETE FROM auth_tokens WHERE kind = 'personal'", "gatepass")
        token = mint(self.service, caller)
        if caller == "console":
            return {"Cookie": f"{cookie_name(development=True)}={token}", **SAME_ORIGIN}
        return {"Authorization": f"{'Token' if caller == 'mobile' else 'Bearer'} {token}"}


@contextmanager
def callers(server: Server, **settings: str) -> Iterator[Callers]:
    """They are there, alone in the database, until all of their examples were tried."""
    empty = "DELETE FROM auth_tokens; DELETE FROM users;"
    server.sql(empty, "gatepass")
    app = create_app(load(environment(server, **settings)), Clock())
    made = Callers(Service(app, app.test_client(), server, Clock()), add_user(server, "admin"))
    server.sql("UPDATE users SET is_admin = 1", "gatepass")
    yield made
    made.service.core.close()
    server.sql(empty, "gatepass")


def unforeseen(said: Any) -> bool:
    """Is an error that nobody foresaw in this body, in whichever dialect?"""
    if isinstance(said, list):
        return any(map(unforeseen, said))
    error = said.get("error", said.get("errors", {})) if isinstance(said, dict) else {}
    return error in ("server_error", 500) or isinstance(error, dict) and error.get("code") in ("5404", -32603)
