"""How a test runs gunicorn without root's rights, where the tests are run by root."""

import os
import sys
from pathlib import Path

import flask

from tests import processes, secrecy
from tests.conftest import ROOT, Gunicorn
from tests.e2e import wire
from tests.e2e.faults import until
from tests.e2e.test_run_checkout import AS_NOBODY, for_everybody


def as_ordinary_user(log: Path, environ: dict[str, str]) -> Gunicorn:
    """gunicorn with a Python and packages that any user may read, as nobody where the tests are run by root."""
    identity, python = (AS_NOBODY, for_everybody()) if os.geteuid() == 0 else ({}, sys.executable)
    command = [python, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "wsgi:application"]
    given = {**environ, "PYTHONPATH": str(Path(flask.__file__).parent.parent)}
    with log.open("wb") as output:
        process = processes.start(command, given, cwd=ROOT, stdout=output, stderr=output, **identity)
    running = Gunicorn(int(environ["PORT"]), process, log)
    secrecy.watch(log)
    until(lambda: process.poll() is not None or verify(running, "") == 401, "it listens")
    assert process.poll() is None, log.read_text()
    return running


def verify(service: Gunicorn, token: str) -> int:
    """The status of a check on a connection of its own; 0 where nobody listens."""
    request = f"GET /v1/verify/ HTTP/1.0\r\nAuthorization: Token {token}\r\n\r\n".encode()
    try:
        return wire.parse(service.send(request, finish=False)).status
    except ConnectionError:
        return 0
