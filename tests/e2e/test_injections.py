"""SQL injection: in every field of every door, a text is a value. It is answered like any other text of its kind.

The statements that the server gets meanwhile have the shapes of those that it gets for harmless texts, and a name.
"""

from urllib.parse import quote, quote_from_bytes

import pytest

from tests.conftest import Service
from tests.doors import every_door
from tests.doors.contract import LoginContract
from tests.doors.every_door import Opening
from tests.e2e.injections import ASCII, NOBODY, RAW, SOME
from tests.e2e.shapes import NAMED, Shapes


def login_name(door: LoginContract) -> str:
    return every_door.name(door)


@pytest.mark.parametrize("door", every_door.logins(), ids=login_name)
def test_a_name_or_a_password_that_is_sql_is_wrong_like_any_other(door: LoginContract, service: Service) -> None:
    wrong: list[str] = []
    with Shapes(service) as harmless:
        for name, password in ((NOBODY, "password"), ("admin", NOBODY)):
            expected = door.login(service, name, password)
            wrong.append(repr(door.comparable(expected, f"{name}:{password}")))
        assert door.is_token(door.login(service, "admin", "password"))
    with Shapes(service) as hostile:
        for text in SOME:
            answers = door.login(service, text, "password"), door.login(service, "admin", text)
            found = [repr(door.comparable(*each)) for each in zip(answers, (f"{text}:password", f"admin:{text}"))]
            assert found == wrong, text
    assert hostile.found <= harmless.found, hostile.found - harmless.found
    assert service.server.sql("SELECT COUNT(*) FROM users", "gatepass") == "1\n"


def test_bytes_that_end_in_an_apostrophe_in_another_charset_are_no_way_out(service: Service) -> None:
    form = "application/x-www-form-urlencoded"

    def log_in(name: bytes, password: bytes) -> tuple[int, bytes]:
        body = f"username={quote_from_bytes(name)}&password={quote_from_bytes(password)}"
        answer = service.client.post("/v1/oauth/", data=body, content_type=form)
        return answer.status_code, answer.data

    with Shapes(service) as harmless:
        expected = log_in(b"harmless", b"password")
    with Shapes(service) as hostile:
        for raw in RAW:
            assert log_in(raw, b"password") == log_in(b"admin", raw) == expected, raw
    assert hostile.found <= harmless.found, hostile.found - harmless.found


@pytest.mark.parametrize("door", every_door.logins(), ids=login_name)
def test_a_device_that_is_called_sql_is_called_so(door: LoginContract, service: Service) -> None:
    with Shapes(service) as harmless:
        door.login_of_a_device(service, NOBODY)
    service.server.sql("DELETE FROM auth_tokens", "gatepass")
    printable = [each for each in SOME if each.isprintable()]
    with Shapes(service) as hostile:
        kept = [text for text in printable if door.login_of_a_device(service, text) is not None]
    assert hostile.found <= harmless.found, hostile.found - harmless.found
    rows = service.server.sql("SELECT HEX(device_info) FROM auth_tokens ORDER BY id", "gatepass").split()
    assert rows == [text.encode().hex().upper() for text in kept]


def opening_name(opening: Opening) -> str:
    return opening.name


@pytest.mark.parametrize("opening", every_door.openings(), ids=opening_name)
def test_a_token_that_is_sql_is_an_unknown_token(opening: Opening, service: Service) -> None:
    expected = opening.door.comparable(opening.ask(service, NOBODY), NOBODY)
    with Shapes(service) as hostile:
        for text in ASCII:
            text = text.replace(" ", "/**/").replace(";", "/*;*/").replace(",", ".")
            assert opening.door.comparable(opening.ask(service, text), text) == expected, text
    assert not [each for each in hostile.found if NAMED.match(each)], "it is looked up nowhere"


def test_ids_that_are_sql_revoke_nothing(service: Service) -> None:
    """By a token that may revoke its user's sessions."""
    login = service.client.post("/v1/oauth/", data={"username": "admin", "password": "password"}).json
    headers = {"Authorization": f"Bearer {login['data']['access_token']}"}
    with Shapes(service) as harmless:
        unknown = service.client.delete("/v1/sessions/999999/", headers=headers)
    with Shapes(service) as hostile:
        for text in SOME:
            answer = service.client.delete(f"/v1/sessions/1{quote(text, safe='')}/", headers=headers)
            assert answer.status_code in (unknown.status_code, 404) and b"success\": true" not in answer.data, text
    assert hostile.found <= harmless.found
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "1\n"
