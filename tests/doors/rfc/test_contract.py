"""Introspection and revocation keep what every door promises."""

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract import TokenContract
from tests.doors.operations import bearer

ERRORS = {500: "server_error", 503: "temporarily_unavailable"}


class TestIntrospection(TokenContract):
    prefix, kind = "/v1/oauth/introspect", "api:introspect"

    def use(self, service: Service, proof: str) -> TestResponse:
        return bearer("POST", "/v1/oauth/introspect/", data={"token": proof})(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.json.get("active") is True

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, response.json["error"]) == (401, "invalid_client")

    def is_error(self, response: TestResponse, status: int) -> bool:
        return (response.status_code, response.json["error"]) == (status, ERRORS[status])

    def is_unknown_path(self, response: TestResponse) -> bool:
        return response.json["errors"]["code"] == "2600"  # a path below it is none of it


class TestRevocation(TestIntrospection):
    prefix, kind = "/v1/oauth/revoke", "api:revoke"

    def use(self, service: Service, proof: str) -> TestResponse:
        return bearer("POST", "/v1/oauth/revoke/", data={"user": "nobody"})(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return (response.status_code, response.data) == (200, b"")
