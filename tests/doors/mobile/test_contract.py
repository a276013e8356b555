"""The mobile doors (login, sessions, verify) keep what every door promises."""

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract import LoginContract, TokenContract
from tests.doors.mobile.test_oauth import code, log_in
from tests.doors.operations import Operation, bearer

CODES = {400: "2400", 404: "2600", 500: "5404", 503: "5501"}


class TestOauth(LoginContract):
    prefix = "/v1"

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        return log_in(service, username=username, password=password)

    def login_of_a_device(self, service: Service, device: str) -> TestResponse | None:
        return log_in(service, **{"device-info": device})

    def is_token(self, response: TestResponse) -> bool:
        return response.json["success"] is True and len(response.json["data"]["access_token"]) == 40

    def is_error(self, response: TestResponse, status: int) -> bool:
        return (response.status_code, code(response)) == (200, CODES[status])


class TestSessions(TokenContract):
    prefix, kind = "/v1/sessions", "mobile"
    further = (
        Operation("revoke others", ("mobile",), bearer("DELETE", "/v1/sessions/")),
        Operation("revoke all", ("mobile",), bearer("DELETE", "/v1/sessions/?all=1")),
        Operation("log out", ("mobile",), bearer("POST", "/v1/logout/")),
    )

    def use(self, service: Service, proof: str) -> TestResponse:
        return bearer("GET", "/v1/sessions/")(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.json["success"] is True

    def is_refused(self, response: TestResponse) -> bool:
        return code(response) == "1403"

    def is_shut(self, response: TestResponse) -> bool:
        return code(response) in ("1190", "1403")

    def is_error(self, response: TestResponse, status: int) -> bool:
        return code(response) == CODES[status]


class TestVerify(TestSessions):
    prefix = "/v1/verify"
    options = False  # a proxy passes any method on: OPTIONS is a check like any other

    def use(self, service: Service, proof: str) -> TestResponse:
        return bearer("GET", "/v1/verify/")(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.headers["X-Auth-Username"] == "admin"

    def is_refused(self, response: TestResponse) -> bool:
        return (response.status_code, code(response)) == (401, "1403")

    def is_database_down(self, response: TestResponse) -> bool:
        return (response.status_code, code(response)) == (503, "5501")

    def is_unforeseen(self, response: TestResponse) -> bool:
        return (response.status_code, code(response)) == (500, "5404")
