"""The console keeps what every door promises: at its sign-in form, and on a page that a session opens."""

import re
from typing import ClassVar

from markupsafe import escape
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.pages_read import heading
from tests.doors.console.signed_in import (
    PAGES,
    POSTS,
    SAME_ORIGIN,
    is_sign_in,
    notice_for_next_page,
    place,
    session_of,
    with_cookie,
)
from tests.doors.contract import DoorContract, LoginContract, TokenContract
from tests.doors.operations import Ask, Operation

HTML = "text/html; charset=utf-8"
TITLES = {
    400: "That did not work",
    404: "Page not found",
    500: "Something went wrong",
    503: "Please try again soon",
}
TOKEN = re.compile(r"gatepass=(gpc_[0-9A-Za-z]{46}); HttpOnly; Path=/; SameSite=Lax")


class Pages(DoorContract):
    """How the console says what every door must say."""

    prefix = "/console"

    def is_error(self, response: TestResponse, status: int) -> bool:
        return self.is_page(response, status, TITLES[status])

    def is_page(self, response: TestResponse, status: int, title: str) -> bool:
        assert response.headers["Content-Type"] == HTML
        return (response.status_code, heading(response)) == (status, title)


class TestSignIn(Pages, LoginContract):
    wrong = ("nobody:password", "admin:wrong", "out:password", "admin: ", "admin:password\0")

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        fields = {"username": username, "password": password}
        return service.client.post("/console/sign-in/", data=fields, headers=SAME_ORIGIN)

    def is_token(self, response: TestResponse) -> bool:
        return response.status_code == 303 and any(map(TOKEN.fullmatch, response.headers.getlist("Set-Cookie")))

    def sets_a_cookie(self, response: TestResponse) -> bool:
        return self.is_token(response)

    def comparable(self, response: TestResponse, proof: str) -> tuple[object, ...]:
        """The form is shown again with the name that was typed."""
        status, data, headers = super().comparable(response, proof)
        typed = f' value="{escape(proof.split(":")[0])}"'.encode()
        assert isinstance(data, bytes) and typed in data and isinstance(headers, tuple)
        return status, data.replace(typed, b""), tuple(each for each in headers if each[0] != "Content-Length")

    def secrets(self, proof: str, answer: TestResponse) -> list[str]:
        found = [found[1] for each in answer.headers.getlist("Set-Cookie") if (found := TOKEN.fullmatch(each))]
        assert found, "the answer holds a token"
        return found


def visit(method: str, path: str, fields: dict[str, str]) -> Ask:
    """A page or a form that an administrator asks for, about another user's account or a token that does not exist.
    The token is their cookie."""

    def ask(service: Service, token: str) -> TestResponse:
        service.server.sql("UPDATE users SET is_admin = 1 WHERE username = 'admin'", "gatepass")
        return with_cookie(service, token, method, place(service, path), **fields)

    return ask


OWN = ("profile", "create_token")
"""The page and the form that the two classes below use."""

ASKED = (*(("GET", name, path, {}) for name, path in PAGES), *(("POST", *each) for each in POSTS))


class TestPage(Pages, TokenContract):
    kind = "console"
    further = tuple(
        Operation(name, ("console",), visit(method, path, fields))
        for method, name, path, fields in ASKED
        if name not in OWN
    )

    def use(self, service: Service, proof: str) -> TestResponse:
        return with_cookie(service, proof, "GET", "/console/profile/")

    def sets_a_cookie(self, response: TestResponse) -> bool:
        return self.is_refused(response) and notice_for_next_page(response) == "ended"

    def is_opened(self, response: TestResponse) -> bool:
        return self.is_page(response, 200, "My Profile")

    def is_refused(self, response: TestResponse) -> bool:
        return is_sign_in(response) and response.data == b""


class TestForm(TestPage):
    writes = True
    sessions: ClassVar[dict[str, str]] = {}
    """The id of the session of each proof. It is looked up while the database is there."""

    def proof(self, service: Service) -> str:
        token = super().proof(service)
        self.sessions[token] = session_of(service, token)
        return token

    def use(self, service: Service, proof: str) -> TestResponse:
        fields = {"name": proof[4:9], "expiration": "never", "session": self.sessions.get(proof, "")}
        return with_cookie(service, proof, "POST", "/console/tokens/new/", **fields)

    def is_opened(self, response: TestResponse) -> bool:
        return self.is_page(response, 200, "API token created")

    def secrets(self, proof: str, answer: TestResponse) -> list[str]:
        return [proof, *re.findall("gpp_[0-9A-Za-z]{46}", answer.text)]
