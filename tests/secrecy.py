"""The search of everything that the whole suite logs: a secret in any line, at any level, fails the run.

A pytest plugin, registered by tests/conftest.py. It reads all that is logged in this process, from DEBUG up, as the
service writes it; the log of every gunicorn that `serve` starts; and what every command that `flask` runs says on
standard error.
"""

import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from v1.observe import logs

LOGGERS: Final = ("v1", "gunicorn", "werkzeug")

RULES: Final = {
    "a token or a digest": re.compile(r"[0-9a-fA-F]{40}"),
    "an API token": re.compile(r"gp[acmp]_[0-9A-Za-z]{8,}"),
    "a JSON web token": re.compile(r"eyJ[\w-]{8,}"),
    "a password's hash": re.compile(r"\$(2[abxy]\$\d\d|argon2\w*\$v=\d+|[156])\$[^\s\"]{16,}"),
    "an Authorization value": re.compile(r"(?i)authorization|\b(bearer|token|basic) [\w+/.=-]{20,}"),
    "a password": re.compile(r"(?i)password(=|%3d)[^\s\"]*"),
    "a query string": re.compile(r'"path": "[^"?]*\?[^"]*=[^"]*'),
}
"""Request ids are 32 hex digits and allowed."""

_known: set[str] = {"hunter2", "correct horse", "demo-password"}
_read_to: dict[Path, int] = {}
_found: list[str] = []


def learn(secret: str) -> None:
    """Whatever line has this text is one too many."""
    _known.add(secret)


def watch(log: Path) -> None:
    """This file is the log of a running service."""
    _read_to[log] = 0


def examine(text: str, where: str, test: str = "") -> None:
    """Look at lines that were logged; what is found is kept for the end of the run, with the secret masked."""
    test = test or os.environ.get("PYTEST_CURRENT_TEST", "between tests")
    for line in text.splitlines():
        for what in secrets_in(line):
            _found.append(f"{what} in what {where} logged, in {test}:\n    {masked(line)}")


def secrets_in(line: str) -> list[str]:
    """What kinds of secret a line holds."""
    known = ["a known secret"] if any(secret in line for secret in _known) else []
    texts = [line, *_texts(line)]
    return known + [what for what, rule in RULES.items() if any(map(rule.search, texts))]


def _texts(line: str) -> list[str]:
    """The strings of a line as they were before they were encoded: there a token begins where it begins."""
    try:
        return [value for value in json.loads(line).values() if isinstance(value, str)]
    except (ValueError, AttributeError):
        return []


def masked(line: str) -> str:
    """The line without its secrets."""
    for secret in _known:
        line = line.replace(secret, "***")
    for rule in RULES.values():
        line = rule.sub("***", line)
    return line


class Examiner(logging.Handler):
    """Sees every record of this process as the service would write it."""

    def emit(self, record: logging.LogRecord) -> None:
        examine(logs.JsonLines().format(record), record.name)


_examiner: Final = Examiner()
_write: Final = logs.write


def _written(*lines: str) -> None:
    """The access log's lines, which come by no logger."""
    for line in lines:
        examine(line, "v1.observe.logs")
    _write(*lines)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    logs.configure()  # first, as it leaves alone a logger that has a handler; and here, where pytest captures
    logs.write = _written
    for name in LOGGERS:
        logging.getLogger(name).addHandler(_examiner)  # once, however often
        logging.getLogger(name).setLevel(logging.DEBUG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Read after each test, so that it can be named."""
    yield
    _read_logs(item.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    _read_logs("the end of the run")
    if hasattr(session.config, "workeroutput"):  # one of several processes: the first one is told
        session.config.workeroutput["secrets"] = _found
    elif _found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    """What another process of pytest-xdist found."""
    _found.extend(getattr(node, "workeroutput", {}).get("secrets", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _found:
        terminalreporter.section("secrets in the log", red=True)
        for each in _found:
            terminalreporter.line(each)


def _read_logs(test: str) -> None:
    """The whole lines that were added to the watched files."""
    for log, begin in _read_to.items():
        if log.exists() and log.stat().st_size > begin:
            with log.open("rb") as file:
                file.seek(begin)
                added = file.read()
            whole = added[: added.rfind(b"\n") + 1]
            _read_to[log] = begin + len(whole)
            examine(whole.decode(errors="replace"), log.name, test)
