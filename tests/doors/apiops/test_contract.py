"""The API manager's doors keep what every door promises."""

from urllib.parse import quote_plus

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.apiops.test_login import PATH, is_token, refused
from tests.doors.contract import LoginContract, TokenContract
from tests.doors.operations import Operation, bearer

ERRORS = {400: "invalid_request", 404: "invalid_request", 500: "server_error", 503: "temporarily_unavailable"}


class TestLogin(LoginContract):
    prefix = "/apiops"
    wrong = ("nobody:password", "admin:wrong", "out:password", "admin: ", "admin:password\0")

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        fields = {"grant_type": "client_credentials", "client_id": username, "client_secret": password}
        return service.client.post(PATH, data=fields)

    def is_token(self, response: TestResponse) -> bool:
        return is_token(response)

    def is_error(self, response: TestResponse, status: int) -> bool:
        return refused(response, status, ERRORS[status])


class TestBasic(TestLogin):
    def login(self, service: Service, username: str, password: str) -> TestResponse:
        fields = {"grant_type": "client_credentials"}
        return service.client.post(PATH, data=fields, auth=(quote_plus(username), quote_plus(password)))


class TestPersonalTokens(TokenContract):
    prefix, kind, also_opened_by = "/apiops/tokens", "management", ("personal",)
    further = (
        Operation("hello", ("management", "personal"), bearer("GET", "/apiops/test/hello/Ann")),
        Operation("revoke a personal token", ("management",), bearer("DELETE", "/apiops/tokens/1/")),
    )

    def use(self, service: Service, proof: str) -> TestResponse:
        return bearer("GET", "/apiops/tokens/")(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and list(response.json) == ["tokens"]

    def is_refused(self, response: TestResponse) -> bool:
        return response.json == {"error": "unauthorized_client", "error_description": "Invalid token"}

    def is_error(self, response: TestResponse, status: int) -> bool:
        return (response.status_code, response.json["error"]) == (status, ERRORS[status])


class TestNewPersonalToken(TestPersonalTokens):
    also_opened_by, writes = (), True

    def use(self, service: Service, proof: str) -> TestResponse:
        wanted = {"name": f"program {proof[-9:]}", "expires": "never"}
        return bearer("POST", "/apiops/tokens/", json=wanted)(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 201 and response.json["token"].startswith("gpp_")
