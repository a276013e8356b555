"""The doors of media servers keep what every door promises."""

from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract import TokenContract
from tests.doors.kinds import STREAM
from tests.doors.operations import Ask, Operation

API = ("api:stream",)
ERRORS = {404: (404, -32600), 500: (500, -32603), 503: (400, -32002)}
CHECK = {"token": "x", "stream": STREAM, "action": "live"}


def call(method: str, where: str, **params: Any) -> Ask:
    """A JSON-RPC call with the token in the header, with a scheme (`bearer`) or alone (`bare`), or in this member."""

    def ask(service: Service, token: str) -> TestResponse:
        headers = {"bearer": {"Authorization": f"Bearer {token}"}, "bare": {"Authorization": token}}.get(where, {})
        own = {} if headers else {where: token}
        body = {"jsonrpc": "2.0", "method": method, "params": params | own, "id": 7}
        return service.client.post("/api/", json=body, headers=headers)

    return ask


class TestRpc(TokenContract):
    prefix, kind, writes = "/api", "api:stream", True
    further = (
        Operation("make a stream token", API, call("Auth.CreateAccessToken", "bearer", stream=STREAM), True),
        Operation("the printed sample", API, call("Auth.CreateApiToken", "bare", stream=STREAM, ttl=3600), True),
        Operation("check a stream token", API, call("Auth.CheckAccessToken", "Token", **CHECK)),
    )

    def use(self, service: Service, proof: str) -> TestResponse:
        return call("Auth.CreateAccessToken", "Token", stream=STREAM, live=True)(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.json["result"].startswith("eyJ")

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]["code"], response.json["id"]) == (400, -32001, 7)

    def is_error(self, response: TestResponse, status: int) -> bool:
        return (response.status_code, response.json["error"]["code"]) == ERRORS[status]

    def is_malformed(self, response: TestResponse) -> bool:
        error = response.json["error"]
        assert "200 characters" in error.pop("data")
        return (response.status_code, error) == (400, {"code": -32700, "message": "Parse error"})


class TestStream(TokenContract):
    prefix, kind = "/stream", "stream"
    options = False  # answered in front of Flask; its bytes are in tests/recorded/stream/options.answer

    def use(self, service: Service, proof: str) -> TestResponse:
        asked = {"token": proof, "stream": STREAM, "action": "live"}
        return service.client.get("/stream/check", query_string=asked)

    def is_opened(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (204, b"")

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (403, b"")

    def is_error(self, response: TestResponse, status: int) -> bool:
        return (response.status_code, response.data) == (status, b"")

    def is_unknown_path(self, response: TestResponse) -> bool:
        return response.json == {"error": "not_found"}
