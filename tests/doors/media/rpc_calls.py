"""How the tests of `/api/` call it, and what every answer of it looks like."""

import json
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from v1.tokens import issue

API_TOKEN = r"gpa_[0-9A-Za-z]{46}"
STREAM_TOKEN = r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}"

STRANGER = {"REMOTE_ADDR": "192.0.2.7"}
"""Whoever may not make API tokens."""

MESSAGES = {
    -32700: "Parse error",
    -32600: "Invalid Request",
    -32601: "Method not found",
    -32602: "Invalid params",
    -32603: "Internal error",
    -32001: "Unauthorized",
    -32002: "Service unavailable",
    -32003: "Forbidden",
}
"""The first five are the specification's own words."""


def request(method: Any, params: Any = None, number: Any = 1) -> dict[str, Any]:
    """A call; without `params` where they are None."""
    return {"jsonrpc": "2.0", "method": method, **({} if params is None else {"params": params}), "id": number}


def notification(method: str, params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def post(service: Service, body: Any, token: str = "", **more: Any) -> TestResponse:
    """Send this JSON, or these bytes as they are, with the token in the header."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    more = {"content_type": "application/json", "headers": headers, **more}
    return service.client.open(more.pop("path", "/api/"), **{"method": "POST", "data": raw, **more})


def call(service: Service, method: Any, params: Any = None, token: str = "", /, **more: Any) -> TestResponse:
    return post(service, request(method, params), token, **more)


def result(response: TestResponse, number: Any = 1) -> Any:
    """What a call came to: it must have come to something."""
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json"), response.data
    assert list(response.json) == ["jsonrpc", "result", "id"]
    assert response.json["jsonrpc"] == "2.0" and response.json["id"] == number
    return response.json["result"]


def code(response: TestResponse, number: Any = 1) -> int:
    """The code of an error that is all of the answer."""
    assert response.headers["Content-Type"] == "application/json"
    return fault(json.loads(response.data), number)


def fault(found: dict[str, Any], number: Any = 1) -> int:
    """The code of an error object in a response object, in the form that it has everywhere."""
    assert list(found) == ["jsonrpc", "error", "id"] and found["jsonrpc"] == "2.0"
    assert found["id"] == number and type(found["id"]) is type(number)
    error = found["error"]
    assert list(error) in (["code", "message"], ["code", "message", "data"])
    assert error["message"] == MESSAGES[error["code"]]
    assert isinstance(error.get("data", "x"), str) and error.get("data", "x")
    return int(error["code"])


def api(service: Service, *scopes: str, user_id: int = 0, expiry: int = issue.NEVER) -> str:
    """An API token as an operator makes one; of scope `stream` unless said otherwise."""
    return issue.api(service.core, user_id, "server", scopes or ("stream",), NOW, expiry).secret


def stream(service: Service, token: str, name: str = "cam1", **params: Any) -> str:
    return str(result(call(service, "Auth.CreateAccessToken", {"stream": name, **params}, token)))


def rows(service: Service) -> list[str]:
    return service.server.sql("SELECT kind FROM auth_tokens ORDER BY id", "gatepass").split()
