"""Nothing that is sent leaves a secret in the log of a running service, even at its most talkative."""

import time

import pytest

from tests import secrecy
from tests.conftest import Gunicorn
from tests.doors import every_door
from tests.doors.contract import DoorContract, MakeService
from tests.e2e import wire
from tests.e2e.faults import digests, until

SETTINGS = {"GUNICORN_CMD_ARGS": "--log-level debug"}


@pytest.mark.parametrize("door", every_door.doors(DoorContract), ids=every_door.name)
def test_at_debug_no_door_logs_what_its_own_tests_send(
    door: DoorContract, running: Gunicorn, make_service: MakeService
) -> None:
    """What the door's tests ask of an application in this process is asked of the running service too."""
    here = make_service()
    here.clock.now = int(time.time())  # as the running service has it, so that its tokens are good there
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


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /v1/oauth/%3Fusername=admin&password=hunter2 HTTP/1.0\r\n\r\n",
        b"GET /v1/password=hunter2/ HTTP/1.0\r\n\r\n",
        b"DELETE /v1/sessions/0123456789abcdef0123456789abcdef01234567/ HTTP/1.0\r\n\r\n",
        b"GET /v1/verify/gpa_" + b"x" * 46 + b" HTTP/1.0\r\n\r\n",
        b"GET /v1/verify HTTP/1.0\r\nX-Request-Id: 0123456789abcdef0123456789abcdef01234567\r\n\r\n",
        wire.post(b"", b"/v1/oauth/introspect/?token=hunter2", version=b"HTTP/1.0"),
        wire.post(wire.LOGIN + b"&device-info=0123456789abcdef0123456789abcdef01234567", version=b"HTTP/1.0"),
    ],
    ids=["encoded query", "field in the path", "token for an id", "token in the path", "request id", "query", "device"],
)
def test_a_secret_in_the_wrong_place_of_a_request_is_not_logged(running: Gunicorn, request_: bytes) -> None:
    begin = len(running.log.read_text().splitlines())
    running.send(request_, finish=False)
    until(lambda: len(running.log.read_text().splitlines()) > begin, "it is logged")
    for line in running.log.read_text().splitlines()[begin:]:
        assert secrecy.secrets_in(line) == [], secrecy.masked(line)
