"""Pins that nothing that is sent leaves a secret in the log of a running service, even at its most talkative."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests import secrecy
from tests.conftest import Gunicorn, add_user, flask, serve
from tests.doors import every_door
from tests.doors.contract import DoorContract, MakeService
from tests.e2e import wire
from tests.e2e.faults import digests, until
from tools.private_mariadb import Server


@pytest.fixture(scope="module")
def running(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    log = tmp_path_factory.mktemp("secrecy") / "log"
    started = serve(log, migrated, GUNICORN_CMD_ARGS="--log-level debug")
    yield started
    started.stop()


def test_at_debug_no_operation_logs_a_token_a_digest_a_password_or_a_query(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    add_user(database, "admin")
    service = gunicorn(database, GUNICORN_CMD_ARGS="--log-level debug", THROTTLE_PAIR="1")
    api = flask(database, "token", "create", "a server", "--scope", "introspect", "--scope", "revoke").split()[0]
    tokens = [wire.log_in(service).json["data"]["access_token"] for _ in range(3)]
    kept = digests(database)
    for word in (*tokens, api, "correct horse battery", "x" * 40, f"{api}, {api}"):
        for request in requests(word, tokens[-1]):
            service.send(request, finish=False)
    for path in (b"/v1/sessions/1/", b"/v1/sessions/?all=1&x=hunter2"):
        service.send(b"DELETE " + path + bearer(tokens[1]), finish=False)
    service.stop()

    text = service.log.read_text()
    assert '"debug"' in text and text.count('"request"') > 40
    for secret in (*tokens, api, *kept, "correct horse", "hunter2", "Authorization", "?"):
        assert secret not in text
    assert [line for line in text.splitlines() if secrecy.secrets_in(line)] == []


@pytest.mark.parametrize("door", every_door.doors(DoorContract), ids=every_door.name)
def test_at_debug_no_door_logs_what_its_own_tests_send(
    door: DoorContract, running: Gunicorn, make_service: MakeService
) -> None:
    """What the door's tests ask of an application in this process is asked of the running service too."""
    here = make_service()
    here.clock.now = int(time.time())  # as the running service has it, so that its tokens are good there
    add_user(here.server, "admin")
    begin = len(running.log.read_text())
    proof = door.proof(here)
    answer, refused = (door.use(here, each) for each in (proof, door.wrong_proof(here)))
    here.server.sql("DELETE FROM auth_tokens WHERE kind = 'personal'", "gatepass")  # or its name is taken
    for each in (answer, refused):
        assert running.send(wire.again(each), finish=False).startswith(b"HTTP/1.0 %d " % each.status_code)
    until(lambda: running.log.read_text().count('"request"', begin) >= 2, "both are logged")
    added = running.log.read_text()[begin:].splitlines()
    for secret in ("hunter2", *digests(here.server), *door.secrets(proof, answer)):
        assert [line for line in added if secret in line] == [], f"{secret!r} is in the log"
    assert [secrecy.masked(line) for line in added if secrecy.secrets_in(line)] == []


def bearer(word: str) -> bytes:
    return f" HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer {word}\r\n\r\n".encode()


def requests(word: str, token: str) -> list[bytes]:
    """This word wherever a secret belongs, and in some places where it does not."""
    form = f"token={word}".encode()
    return [
        *(method + path + bearer(word) for method, path in GETS),
        wire.post(form, b"/v1/oauth/introspect/?" + form, version=b"HTTP/1.0"),
        wire.post(form, b"/v1/oauth/revoke/?token_type_hint=" + word.encode().replace(b" ", b"+"), version=b"HTTP/1.0"),
        wire.post(f"username=admin&password={word}".encode(), b"/v1/oauth/?debug=1", version=b"HTTP/1.0"),
        wire.post(f"username={word}&password={word}".encode(), b"/v1/oauth/", version=b"HTTP/1.0"),
    ]


GETS = [(b"GET ", path) for path in (b"/v1/verify/?token=hunter2", b"/v1/sessions/?password=hunter2", b"/readyz")]


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /v1/oauth/%3Fusername=admin&password=hunter2 HTTP/1.0\r\n\r\n",
        b"GET /v1/password=hunter2/ HTTP/1.0\r\n\r\n",
        b"DELETE /v1/sessions/0123456789abcdef0123456789abcdef01234567/ HTTP/1.0\r\n\r\n",
        b"GET /v1/verify/gpa_" + b"x" * 46 + b" HTTP/1.0\r\n\r\n",
        b"GET /v1/verify HTTP/1.0\r\nX-Request-Id: 0123456789abcdef0123456789abcdef01234567\r\n\r\n",
        wire.post(wire.LOGIN + b"&device-info=0123456789abcdef0123456789abcdef01234567", version=b"HTTP/1.0"),
    ],
    ids=["encoded query", "field in the path", "token for an id", "token in the path", "request id", "device"],
)
def test_a_secret_in_the_wrong_place_of_a_request_is_not_logged(
    database: Server, running: Gunicorn, request_: bytes
) -> None:
    add_user(database, "admin")
    begin = len(running.log.read_text().splitlines())
    running.send(request_, finish=False)
    until(lambda: len(running.log.read_text().splitlines()) > begin, "it is logged")
    for line in running.log.read_text().splitlines()[begin:]:
        assert secrecy.secrets_in(line) == [], secrecy.masked(line)
