"""What the fault tests of a token's life share: every operation on a token, each by a person of its own."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import add_user
from tests.e2e.faults import GENEROUS, log_in
from tools.private_server import Server
from v1.tokens import issue
from v1.tokens.text import digest

OPERATIONS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "list": ("GET", "/v1/sessions/", {}, "own"),
    "revoke one": ("DELETE", "/v1/sessions/{other_id}/", {}, "own"),
    "revoke others": ("DELETE", "/v1/sessions/", {}, "own"),
    "revoke all": ("DELETE", "/v1/sessions/?all=1", {}, "own"),
    "log out": ("POST", "/v1/logout/", {}, "own"),
    "verify": ("GET", "/v1/verify/", {}, "own"),
    "introspect": ("POST", "/v1/oauth/introspect/", {"token": "{own}"}, "api"),
    "revoke a token": ("POST", "/v1/oauth/revoke/", {"token": "{own}"}, ""),
    "revoke a user": ("POST", "/v1/oauth/revoke/", {"user": "{name}"}, "api"),
}
"""Method, path, form, and whose token is presented."""

READERS = {"list", "verify", "introspect"}
WRITERS = OPERATIONS.keys() - READERS
RFC = {"introspect", "revoke a token", "revoke a user"}
KILLS_OWN = {"revoke all", "log out", "revoke a token", "revoke a user"}
KILLS_OTHER = {"revoke one", "revoke others", "revoke all", "revoke a user"}


@dataclass(frozen=True)
class Person:
    """Somebody with two sessions, and an API token of some server."""

    app: Flask
    name: str
    own: str
    other: str
    other_id: int
    api: str

    def do(self, operation: str) -> TestResponse:
        method, path, form, presented = OPERATIONS[operation]
        known = {"own": self.own, "other_id": self.other_id, "name": self.name}
        headers = {"Authorization": f"Bearer {getattr(self, presented)}"} if presented else {}
        data = {field: value.format(**known) for field, value in form.items()} or None
        return self.app.test_client().open(path.format(**known), method=method, headers=headers, data=data)

    def alive(self) -> tuple[bool, bool]:
        """Are their two tokens good? Asked of the service."""
        client = self.app.test_client()
        headers = [{"Authorization": f"Token {token}"} for token in (self.own, self.other)]
        first, second = (client.get("/v1/verify/", headers=each).status_code for each in headers)
        assert {first, second} <= {200, 401}
        return first == 200, second == 200


def people(server: Server, client: FlaskClient) -> dict[str, Person]:
    """A person for each operation, so that all of them can go on at the same time."""
    core = client.application.extensions["gatepass"]
    api = issue.api(core, 0, "a server", ("introspect", "revoke"), int(core.clock()), issue.NEVER).secret
    found = {}
    for number, operation in enumerate(OPERATIONS):
        add_user(server, name := f"person{number}")
        own, other = (log_in(client, name).json["data"]["access_token"] for _ in range(2))
        row = core.tables.tokens.find(digest(other))
        found[operation] = Person(client.application, name, own, other, row.id, api)
    return found


def all_at_once(of: dict[str, Person], operations: Collection[str]) -> dict[str, TestResponse]:
    """These operations at the same time, each on a thread of its own."""
    with ThreadPoolExecutor(len(operations)) as pool:
        calls = {operation: pool.submit(of[operation].do, operation) for operation in operations}
        return {operation: call.result(timeout=GENEROUS) for operation, call in calls.items()}


def busy(operation: str, response: TestResponse, http: bool = False) -> bool:
    """Is this wait-and-retry, in the words of the operation's door?"""
    assert response.headers["Retry-After"] == "5", (operation, response.status, response.data)
    if operation in RFC:
        return (response.status_code, response.json["error"]) == (503, "temporarily_unavailable")
    status = 503 if http or operation == "verify" else 200
    return (response.status_code, response.json["errors"]["code"]) == (status, "5501")


def done(operation: str, response: TestResponse) -> bool:
    """Did it do what it is for?"""
    if response.status_code != 200:
        return False
    if operation in RFC or operation == "verify":
        return operation != "introspect" or response.json["active"] is True
    return response.json["success"] is True


def each_works(of: dict[str, Person]) -> None:
    """The database is back: every operation works, and what was revoked is dead, and nothing else."""
    for operation, person in of.items():
        assert person.alive() == (True, True), operation
        response = person.do(operation)
        assert done(operation, response), (operation, response.data)
        assert person.alive() == (operation not in KILLS_OWN, operation not in KILLS_OTHER), operation
