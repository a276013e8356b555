"""How the tests speak to DeviceHive's door: its requests, its pair of tokens, and what stands in a JWT."""

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.tokens.forging import decoded

MOUNTS = ("", "/auth/rest", "/api/rest")
POSTS = ("/token", "/token/create", "/token/refresh")
MINTING = {"actions": ["ManageToken"]}


@dataclass(frozen=True)
class Pair:
    """What a login or a creation was answered with."""

    access: str
    refresh: str


def add_admin(service: Service, name: str) -> int:
    """A new administrator of this name, with password `password`; the id."""
    user_id = add_user(service.server, name)
    service.server.sql(f"UPDATE users SET is_admin = 1 WHERE id = {user_id}", "gatepass")
    return user_id


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def post(service: Service, path: str, fields: Any, token: str | None = None, **more: Any) -> TestResponse:
    """JSON as the real client sends it: without a Content-Type. Bytes go as they are."""
    data = fields if isinstance(fields, bytes) else json.dumps(fields)
    return service.client.post(path, data=data, headers=bearer(token), **more)


def log_in(service: Service, name: str = "admin") -> Pair:
    return pair(post(service, "/token", {"login": name, "password": "password"}))


def create(service: Service, token: str | None, **fields: Any) -> TestResponse:
    return post(service, "/token/create", fields, token)


def refresh(service: Service, token: str) -> TestResponse:
    return post(service, "/token/refresh", {"refreshToken": token})


def current(service: Service, token: str | None) -> TestResponse:
    return service.client.get("/user/current", headers=bearer(token))


def is_live(service: Service, tokens: Pair) -> tuple[bool, bool]:
    """Are the access token and the refresh token good now? The second is used, and makes an access token."""
    statuses = current(service, tokens.access).status_code, refresh(service, tokens.refresh).status_code
    assert set(statuses) <= {200, 201, 401}
    return statuses[0] == 200, statuses[1] == 201


def pair(answer: TestResponse) -> Pair:
    """The two tokens of a success: exactly these members, and a 201."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json"), answer.data
    assert list(answer.json) == ["accessToken", "refreshToken"]
    return Pair(*answer.json.values())


def access(answer: TestResponse) -> str:
    """The token of a success at /token/refresh."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json"), answer.data
    assert list(answer.json) == ["accessToken"]
    return str(answer.json["accessToken"])


def payload(token: str) -> dict[str, Any]:
    """What DeviceHive itself reads in a JWT."""
    found: dict[str, Any] = decoded(token)["payload"]
    return found


def me(tokens: Pair) -> int:
    return int(payload(tokens.access)["u"])


def revoke(service: Service, token: str) -> int:
    return service.client.post("/v1/oauth/revoke/", data={"token": token}).status_code


def is_refused(answer: TestResponse, status: int, message: str = "") -> bool:
    """In the door's own words: `{"error": <status>, "message": ..}`, and the message is this one, or any."""
    assert answer.headers["Content-Type"] == "application/json", answer.data
    assert list(answer.json) == ["error", "message"] and answer.json["message"], answer.data
    assert answer.json["error"] == answer.status_code
    return answer.status_code == status and message in ("", answer.json["message"])


def rows(service: Service) -> int:
    return int(service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


def change(service: Service, sql: str) -> None:
    """Somebody else at the tables."""
    service.server.sql(sql, "gatepass")
