"""A real PHP page beside us sees what we see: passwords, tokens and disabled users mean the same."""

import json
from collections.abc import Callable

import pytest

from tests.commands import flask
from tests.conftest import COST_4, NOW, Service, add_user
from v1.tokens import find

PASSWORDS = ["a secret", " ", "Glück ß 🔑 'quoted\" \\", "x" * 72, "y" * 200]

Php = Callable[..., dict]


@pytest.fixture
def php(service: Service, run_php: Callable[..., str]) -> Php:
    """Run a script of tests/php/ on the service's database; text arguments go as hex, numbers as they are."""

    def run(script: str, **arguments: str | int) -> dict:
        plain = {"ALGORITHM", "CHARSET"}
        words = {
            name: str(value) if isinstance(value, int) or name in plain else value.encode().hex()
            for name, value in arguments.items()
        }
        return json.loads(run_php(script, service.server, **words))

    return run


def log_in(service: Service, username: str, password: str, **fields: str) -> dict:
    """The answer of the door over HTTP."""
    return service.client.post("/v1/oauth/", data={"username": username, "password": password, **fields}).get_json()


@pytest.mark.parametrize("password", PASSWORDS)
def test_php_verifies_the_password_of_a_user_added_here(service: Service, php: Php, password: str) -> None:
    flask(service.server, "user", "add", "bob", stdin=password + "\n", BCRYPT_COST="5")
    assert php("login.php", USERNAME="bob", PASSWORD=password, COST=5) | {"id": 0} == {
        "id": 0,
        "verified": True,
        "needs_rehash": False,
    }
    assert not php("login.php", USERNAME="bob", PASSWORD="?" + password, COST=5)["verified"]


@pytest.mark.parametrize("algorithm", ["2y", "argon2id", "argon2i"])
def test_a_user_made_by_php_logs_in_and_php_verifies_the_rehash(
    make_service: Callable[..., Service], php: Php, algorithm: str
) -> None:
    service = make_service(BCRYPT_COST="6")
    made = php("add_user.php", USERNAME="phil", PASSWORD="Glück 🔑", ALGORITHM=algorithm)
    assert log_in(service, "phil", "Glück")["errors"]["code"] == "1142"
    assert log_in(service, "phil", "Glück 🔑")["success"]
    assert service.server.sql("SELECT password FROM users WHERE username = 'phil'", "gatepass") != made["hash"] + "\n"
    found = php("login.php", USERNAME="phil", PASSWORD="Glück 🔑", COST=6)
    assert found == {"id": made["id"], "verified": True, "needs_rehash": False}
    assert log_in(service, "phil", "Glück 🔑")["success"]


@pytest.mark.parametrize(("charset", "device"), [("latin1", "iPhone 7"), ("utf8mb4", "Jürgens 📱"), ("utf8mb4", "")])
def test_php_finds_a_token_issued_here(service: Service, php: Php, charset: str, device: str) -> None:
    data = log_in(service, "admin", "password", **{"device-info": device})["data"]
    row = php("find_token.php", TOKEN=data["access_token"], NOW=NOW, CHARSET=charset)
    assert row.pop("id") and row == {
        "user_id": int(service.server.sql("SELECT id FROM users", "gatepass")),
        "creation_time": NOW,
        "expiry": data["expiry"],
        "last_access": NOW,
        "device_info": device.encode().hex(),
    }
    assert php("find_token.php", TOKEN=data["access_token"], NOW=data["expiry"] - 1) is not None
    assert php("find_token.php", TOKEN=data["access_token"], NOW=data["expiry"]) is None
    assert php("find_token.php", TOKEN=data["access_token"][::-1], NOW=NOW) is None


def test_a_token_inserted_by_php_is_good_here_until_it_expires(service: Service, php: Php) -> None:
    user_id = add_user(service.server, "phil")
    made = php(
        "add_token.php", TOKEN="ab" * 20, USER_ID=user_id, EXPIRY=NOW + 1, DEVICE_INFO="Gerät 📱", CHARSET="utf8mb4"
    )
    found = find.find(service.core, "ab" * 20, NOW)
    assert found
    token = found[1]
    assert (token.id, token.user_id, token.kind, token.expiry) == (made["id"], user_id, "mobile", NOW + 1)
    assert token.device_info == "Gerät 📱"
    assert find.find(service.core, "ab" * 20, NOW + 1) is None


def test_a_disabled_user_is_disabled_in_php_and_back_again(service: Service, php: Php) -> None:
    own = log_in(service, "admin", "password")["data"]["access_token"]
    user_id = int(service.server.sql("SELECT id FROM users", "gatepass"))
    php("add_token.php", TOKEN="cd" * 20, USER_ID=user_id, EXPIRY=NOW + 1000, DEVICE_INFO="of PHP")
    other = add_user(service.server, "other")
    php("add_token.php", TOKEN="ef" * 20, USER_ID=other, EXPIRY=NOW + 1000, DEVICE_INFO="of another user")

    flask(service.server, "user", "disable", "admin")
    assert not php("login.php", USERNAME="admin", PASSWORD="password", COST=4)["verified"]
    assert log_in(service, "admin", "password")["errors"]["code"] == "1142"
    for token in (own, "cd" * 20):
        assert php("find_token.php", TOKEN=token, NOW=NOW) is None
    assert php("find_token.php", TOKEN="ef" * 20, NOW=NOW)["user_id"] == other
    assert php("login.php", USERNAME="other", PASSWORD="password", COST=4)["verified"]

    flask(service.server, "user", "enable", "admin")
    assert php("login.php", USERNAME="admin", PASSWORD="password", COST=4)["verified"]
    assert service.server.sql("SELECT password FROM users WHERE username = 'admin'", "gatepass") == COST_4 + "\n"
    assert php("find_token.php", TOKEN=own, NOW=NOW) is None


def test_php_finds_no_api_token_by_its_own_look_up(service: Service, php: Php) -> None:
    token = flask(service.server, "token", "create", "orders", "--scope", "revoke").strip()
    stored = service.server.sql("SELECT auth_key FROM auth_tokens", "gatepass").strip()
    for text in (token, token.removeprefix("gpa_"), stored):
        assert php("find_token.php", TOKEN=text, NOW=1) is None
