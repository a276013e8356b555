"""DeviceHive's door keeps what every door promises."""

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract import LoginContract, TokenContract
from tests.doors.devicehive.hive import create, current, is_refused, post, refresh
from tests.doors.operations import Operation


class TestLogin(LoginContract):
    prefix = "/auth/rest"

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        return post(service, "/token", {"login": username, "password": password})

    def is_token(self, response: TestResponse) -> bool:
        return response.status_code == 201 and list(response.json) == ["accessToken", "refreshToken"]

    def is_refused(self, response: TestResponse) -> bool:
        return is_refused(response, 401, "Invalid credentials")

    def is_error(self, response: TestResponse, status: int) -> bool:
        return is_refused(response, status)


def create_for_admin(service: Service, token: str) -> TestResponse:
    user_id = int(service.server.sql("SELECT id FROM users WHERE username = 'admin'", "gatepass"))
    return create(service, token, userId=user_id)


class TestCurrentUser(TokenContract):
    prefix, kind = "/api/rest", "jwt_access"
    further = (Operation("create a pair", ("jwt_access",), create_for_admin, True),)

    def use(self, service: Service, proof: str) -> TestResponse:
        return current(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 200 and response.json["login"] == "admin"

    def is_refused(self, response: TestResponse) -> bool:
        return response.json == {"error": 401, "message": "Unauthorized"}

    def is_error(self, response: TestResponse, status: int) -> bool:
        return is_refused(response, status)


class TestRefresh(TestCurrentUser):
    prefix, kind, writes = "/token", "jwt_refresh", True

    def use(self, service: Service, proof: str) -> TestResponse:
        return refresh(service, proof)

    def is_opened(self, response: TestResponse) -> bool:
        return response.status_code == 201 and list(response.json) == ["accessToken"]
