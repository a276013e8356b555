"""The operator commands of the tests: `flask` as a process, and the same command in this process."""

import logging
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from tests import applications, secrecy
from tests.environments import BIN, ROOT, environment
from tools.private_server import Server
from v1.cli.db import db
from v1.cli.sessions import session
from v1.cli.tokens import token
from v1.cli.users import user
from v1.observe.logs import JsonLines

GROUPS: Final[dict[str, click.Group]] = {"db": db, "session": session, "token": token, "user": user}

Done = subprocess.CompletedProcess[str]


class StandardError(logging.StreamHandler[Any]):
    """Writes to what is standard error at the time, as the log of a process does."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def run(app: Flask | None, words: Sequence[str], stdin: str = "") -> Done:
    """Run `flask ...` on this application, on this thread; None is a service that cannot be loaded.

    An error nobody foresaw is raised.
    """
    handler, logger = StandardError(), logging.getLogger("v1")
    handler.setFormatter(JsonLines())
    loaded = ScriptInfo(create_app=lambda: app or pytest.fail("the service was loaded"))
    logger.addHandler(handler)
    try:
        done = CliRunner().invoke(GROUPS[words[0]], words[1:], stdin, obj=loaded, prog_name=f"flask {words[0]}")
    finally:
        logger.removeHandler(handler)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(["flask", *words], done.exit_code, done.stdout, done.stderr)


UNLOCKED = """
SET @name = LEFT(CONCAT('gatepass.migrate.', DATABASE()), 64);
DO GET_LOCK(@name, 60); DO RELEASE_LOCK(@name);
"""
"""Waits until the server has noticed that a migration has hung up: the next one would find it locked."""


def flask(server: Server, *words: str, database: str = "gatepass", stdin: str = "", **settings: str) -> str:
    """Run an operator command in this process; its output. Raises CalledProcessError with both streams."""
    app = applications.lend(environment(server, database, **settings))
    try:
        done = run(app, words, stdin)
    finally:
        applications.take_back(app)
    printed = _output(done)
    if words == ("db", "migrate"):
        server.sql(UNLOCKED, database)
    return printed


def flask_process(server: Server, *words: str, database: str = "gatepass", stdin: str = "", **settings: str) -> str:
    """The same as an operator does it."""
    environ = environment(server, database, **settings)
    command = [str(BIN / "flask"), *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, input=stdin, capture_output=True, text=True, timeout=120)
    return _output(done)


def _output(done: Done) -> str:
    secrecy.examine(done.stderr, " ".join(done.args[:3]))
    done.check_returncode()
    return done.stdout


def migrate(server: Server, database: str) -> None:
    flask(server, "db", "migrate", database=database)
