"""Owns every operation that a token opens, by whatever door, and how it is asked for with any text as the proof."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.signed_in import PAGES, POSTS, UNKNOWN, is_sign_in, user_id, with_cookie
from tests.doors.kinds import STREAM

Ask = Callable[[Service, str], TestResponse]


@dataclass(frozen=True)
class Operation:
    """What it is called, which kinds open it (the design's table, written down here by hand), and how it is asked."""

    name: str
    opened_by: tuple[str, ...]
    ask: Ask


def bearer(method: str, path: str, **more: Any) -> Ask:
    """With the token in the header."""

    def ask(service: Service, token: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"}
        return service.client.open(path, method=method, headers=headers, **more)

    return ask


def call(method: str, where: str, **params: Any) -> Ask:
    """JSON-RPC, with the token in the header (with a scheme or bare) or in a member of params."""

    def ask(service: Service, token: str) -> TestResponse:
        headers = {"bearer": {"Authorization": f"Bearer {token}"}, "bare": {"Authorization": token}}.get(where, {})
        own = {} if headers else {where: token}
        body = {"jsonrpc": "2.0", "method": method, "params": params | own, "id": 1}
        return service.client.post("/api/", json=body, headers=headers)

    return ask


def watch(service: Service, token: str) -> TestResponse:
    return service.client.get("/stream/check", query_string={"token": token, "stream": STREAM, "action": "live"})


def refresh(service: Service, token: str) -> TestResponse:
    return service.client.post("/token/refresh", json={"refreshToken": token})


def create(service: Service, token: str) -> TestResponse:
    user_id = int(service.server.sql("SELECT id FROM users WHERE username = 'admin'", "gatepass"))
    return bearer("POST", "/token/create", json={"userId": user_id})(service, token)


def visit(method: str, path: str, fields: dict[str, str]) -> Ask:
    """A page or a form of the console, with the token as its cookie, by an administrator. What it is about is somebody
    else's account, or a token that there is not."""

    def ask(service: Service, token: str) -> TestResponse:
        service.server.sql("UPDATE users SET is_admin = 1 WHERE username = 'admin'", "gatepass")
        return with_cookie(service, token, method, place(service, path), **fields)

    return ask


def place(service: Service, path: str) -> str:
    return path.format(user=user_id(service, "other"), token=UNKNOWN, device=UNKNOWN, theirs=UNKNOWN)


API, WEB = ("api:stream",), ("management", "personal")
PERSONAL = {"name": "a program's", "expires": "never"}
CHECK = {"token": "x", "stream": STREAM, "action": "live"}

OPERATIONS = (
    Operation("list sessions", ("mobile",), bearer("GET", "/v1/sessions/")),
    Operation("revoke others", ("mobile",), bearer("DELETE", "/v1/sessions/")),
    Operation("revoke all", ("mobile",), bearer("DELETE", "/v1/sessions/?all=1")),
    Operation("log out", ("mobile",), bearer("POST", "/v1/logout/")),
    Operation("verify", ("mobile",), bearer("GET", "/v1/verify/")),
    Operation("introspect", ("api:introspect",), bearer("POST", "/v1/oauth/introspect/", data={"token": "x"})),
    Operation("revoke a user", ("api:revoke",), bearer("POST", "/v1/oauth/revoke/", data={"user": "nobody"})),
    Operation("make a stream token", API, call("Auth.CreateAccessToken", "bearer", stream=STREAM)),
    Operation("the printed sample", API, call("Auth.CreateApiToken", "bare", stream=STREAM, ttl=3600)),
    Operation("the same in params", API, call("Auth.CreateAccessToken", "Token", stream=STREAM)),
    Operation("check a stream token", API, call("Auth.CheckAccessToken", "Token", **CHECK)),
    Operation("watch a stream", ("stream",), watch),
    Operation("current user", ("jwt_access",), bearer("GET", "/user/current")),
    Operation("create a pair", ("jwt_access",), create),
    Operation("refresh", ("jwt_refresh",), refresh),
    Operation("hello", WEB, bearer("GET", "/apiops/test/hello/Ann")),
    Operation("list personal tokens", WEB, bearer("GET", "/apiops/tokens/")),
    Operation("create a personal token", ("management",), bearer("POST", "/apiops/tokens/", json=PERSONAL)),
    Operation("revoke a personal token", ("management",), bearer("DELETE", "/apiops/tokens/1/")),
    *(Operation(f"console {name}", ("console",), visit("GET", path, {})) for name, path in PAGES),
    *(Operation(f"console {name}", ("console",), visit("POST", path, fields)) for name, path, fields in POSTS),
)


def is_refused(response: TestResponse) -> bool:
    """Is this the door's answer to a token that does not open it? (A 404 of an id is an answer to one that does.)"""
    said = response.get_json(silent=True) or {}
    code = said.get("errors", {}).get("code") or (said.get("error") or {})
    if isinstance(code, dict):
        code = code.get("code", "")
    return response.status_code in (401, 403) or code in ("1190", "1403", -32001) or is_sign_in(response)
