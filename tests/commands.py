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
