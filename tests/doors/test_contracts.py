"""Pins what the doors promise that a token opens; those at which a password is proved say it in their own tests."""

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract import TokenContract
from tests.doors.kinds import STREAM


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class TestSessions(TokenContract):
    prefix, kind = "/v1/sessions", "mobile"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.get("/v1/sessions/", headers=bearer(proof))

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.json["success"] is True

    def is_refused(self, response: TestResponse) -> bool:
        return self.code(response) == "1403"

    def is_database_down(self, response: TestResponse) -> bool:
        return self.code(response) == "5501"

    def is_unknown_path(self, response: TestResponse) -> bool:
        return self.code(response) == "2600"

    def is_unforeseen(self, response: TestResponse) -> bool:
        return self.code(response) == "5404"

    def code(self, response: TestResponse) -> str:
        return response.json.get("errors", {}).get("code", "")


class TestVerify(TestSessions):
    prefix = "/v1/verify"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.get("/v1/verify/", headers=bearer(proof))

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.headers["X-Auth-Username"] == "admin"


class TestIntrospection(TokenContract):
    prefix, kind = "/v1/oauth/introspect", "api:introspect"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.post("/v1/oauth/introspect/", headers=bearer(proof), data={"token": proof})

    def is_opened(self, response: TestResponse) -> bool:
        return response.json.get("active") is True

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (401, "invalid_client")

    def is_database_down(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (503, "temporarily_unavailable")

    def is_unknown_path(self, response: TestResponse) -> bool:
        return response.json["errors"]["code"] == "2600"  # a path below it is none of it

    def is_unforeseen(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (500, "server_error")


class TestRevocation(TestIntrospection):
    prefix, kind = "/v1/oauth/revoke", "api:revoke"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.post("/v1/oauth/revoke/", headers=bearer(proof), data={"user": "nobody"})

    def is_opened(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (200, b"")


class TestRpc(TokenContract):
    prefix, kind = "/api", "api:stream"

    def use(self, service: Service, proof: str) -> TestResponse:
        params = {"stream": STREAM, "live": True, "Token": proof}
        call = {"jsonrpc": "2.0", "method": "Auth.CreateAccessToken", "params": params, "id": 7}
        return service.client.post("/api/", json=call)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.json["result"].startswith("eyJ")

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]["code"], response.json["id"]) == (400, -32001, 7)

    def is_database_down(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]["code"]) == (400, -32002)

    def is_unknown_path(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]["code"]) == (404, -32600)

    def is_unforeseen(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]["code"]) == (500, -32603)


class TestStream(TokenContract):
    prefix, kind = "/stream", "stream"

    def use(self, service: Service, proof: str) -> TestResponse:
        asked = {"token": proof, "stream": STREAM, "action": "live"}
        return service.client.get("/stream/check", query_string=asked)

    def is_opened(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (204, b"")

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (403, b"")

    def is_database_down(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (503, b"")

    def is_unknown_path(self, response: TestResponse) -> bool:
        return response.json == {"error": "not_found"}

    def is_unforeseen(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (500, b"")


class TestDeviceHive(TokenContract):
    prefix, kind = "/api/rest", "jwt_access"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.get("/user/current", headers=bearer(proof))

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.json["login"] == "admin"

    def is_refused(self, response: TestResponse) -> bool:
        return response.json == {"error": 401, "message": "Unauthorized"}

    def is_database_down(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (503, 503)

    def is_unknown_path(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (404, 404)

    def is_unforeseen(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (500, 500)


class TestDeviceHiveRefresh(TestDeviceHive):
    prefix, kind = "/token", "jwt_refresh"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.post("/token/refresh", json={"refreshToken": proof})

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 201 and list(response.json) == ["accessToken"]


class TestPersonalTokens(TokenContract):
    prefix, kind = "/apiops/tokens", "management"

    def use(self, service: Service, proof: str) -> TestResponse:
        return service.client.get("/apiops/tokens/", headers=bearer(proof))

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and list(response.json) == ["tokens"]

    def is_refused(self, response: TestResponse) -> bool:
        return response.json == {"error": "unauthorized_client", "error_description": "Invalid token"}

    def is_database_down(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (503, "temporarily_unavailable")

    def is_unknown_path(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (404, "invalid_request")

    def is_unforeseen(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (500, "server_error")
