"""The service in this process, on a database that is down: gunicorn's parser before the application, without a socket.

A token that may exist is answered with 503 here. With a database, tests/e2e/test_two_ways.py compares the same.
"""

import os
import random
import re
import runpy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask
from gunicorn.config import Config
from gunicorn.http import wsgi

from v1 import create_app
from v1.doors import pre_flask
from v1.server.request import Request, plain_check
from v1.server.worker import answer_bytes
from v1.server.worker.connections import Received
from v1.settings import load

ROOT: Final = Path(__file__).resolve().parent.parent.parent
CLIENT, SERVER = ("127.0.0.1", 40_000), ("127.0.0.1", 8000)
ENVIRONMENT: Final = {
    "DATABASE_URL": "mysql://nobody:nothing@127.0.0.1:1/gatepass",
    "APP_ENV": "development",
    "BCRYPT_COST": "4",
    "PROMETHEUS_MULTIPROC_DIR": "/nonexistent",
    "DATABASE_CONNECT_SECONDS": "1",
    "VERIFY_KINDS": "mobile,jwt_access",
    "TOKEN_KEYS": "the key of the tests which is no secret",
    **{f"THROTTLE_{key}": "0" for key in ("PAIR", "ADDRESS", "ACCOUNT", "EVERYONE")},
}
DATE: Final = re.compile(rb"(?m)^Date: [^\r]*")


@dataclass
class Sent:
    """In place of a socket: what is sent stays here."""

    data: bytearray = field(default_factory=bytearray)

    def sendall(self, data: bytes) -> None:
        self.data += data

    send = sendall


@cache
def app() -> Flask:
    """The application."""
    return create_app(load(ENVIRONMENT), lambda: 1_700_000_000.0)


@cache
def config() -> Config:
    """The settings of config/gunicorn.conf.py."""
    kept = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    try:
        found = runpy.run_path(str(ROOT / "config/gunicorn.conf.py"))
    finally:
        os.environ.clear()
        os.environ.update(kept)
    made = Config()
    for name in made.settings.keys() & found.keys():
        made.set(name, found[name])
    return made


def parse(raw: bytes) -> tuple[Any, Received]:
    """The first request in these bytes, and what holds the rest. Raises what gunicorn's parser raises."""
    unreader = Received()
    unreader.unread(raw)
    return Request(config(), unreader, CLIENT), unreader


def ordinary_way(raw: bytes) -> tuple[bytes, bool, bytes]:
    """The answer of a thread to these bytes, whether the connection stays open, and the bytes of the next request."""
    random.seed(0)  # which makes request ids
    request, unreader = parse(raw)
    sent = Sent()
    response, environ = wsgi.create(request, sent, CLIENT, SERVER, config())
    for piece in app()(environ, response.start_response):
        response.write(piece)
    response.close()
    keep = not response.should_close()
    return DATE.sub(b"Date: now", bytes(sent.data)), keep, unreader.next_request()


def check_loop(raw: bytes) -> bytes | None:
    """The answer of the check loop to these bytes; None if it declines them."""
    random.seed(0)
    environ = plain_check.read(raw)
    if environ is None:
        return None
    endpoint = app().extensions[pre_flask.EXTENSION][environ["PATH_INFO"]]
    begun = endpoint.begin(environ)
    answer, _ = endpoint.finish(begun, endpoint.look_up(begun))
    return DATE.sub(b"Date: now", answer_bytes.encode(*answer, keep=True))
