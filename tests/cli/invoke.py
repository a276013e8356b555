"""Runs a command in this process, at the clock of the service."""

import json
import logging
from dataclasses import dataclass
from typing import Any

import click

from tests.conftest import Service
from tests.doors.conftest import Lines
from v1.observe.logs import JsonLines


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, both streams, and what it logged."""

    code: int
    stdout: str
    stderr: str
    log: list[dict[str, Any]]

    def acts(self, event: str) -> list[dict[str, Any]]:
        """The audit lines of this event. Each of an administrator's says who did it."""
        return [line for line in self.log if line["event"] == event and line["by"]]


def run(group: click.Group, service: Service, *words: str, stdin: str = "") -> Done:
    handler = Lines(JsonLines())
    logging.getLogger("v1").addHandler(handler)
    result = service.app.test_cli_runner().invoke(group, list(words), input=stdin)
    logging.getLogger("v1").removeHandler(handler)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Done(result.exit_code, result.stdout, result.stderr, [json.loads(line) for line in handler.lines])


def refused(group: click.Group, service: Service, *words: str, code: int = 1) -> str:
    """What a command that must fail says."""
    done = run(group, service, *words)
    assert (done.code, done.stdout) == (code, "")
    return done.stderr
