"""What the tests of the doors share: the lines of the service's log, and that every answer is as described."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.doors import openapi
from v1.observe import logs
from v1.observe.logs import JsonLines


class Lines(logging.Handler):
    """Keeps every line as the service's own formatter writes it."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    handler = Lines(JsonLines())
    monkeypatch.setattr(logs, "write", handler.lines.append)
    logger = logging.getLogger("v1")
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def described() -> Iterator[None]:
    """Every answer that a test of the doors gets is as docs/openapi.json describes it."""
    ask = FlaskClient.open

    def ask_and_compare(client: FlaskClient, *target: Any, **parts: Any) -> TestResponse:
        __tracebackhide__ = True
        answer = ask(client, *target, **parts)
        openapi.fits(answer)
        return answer

    with pytest.MonkeyPatch.context() as patched:  # a test may undo its own
        patched.setattr(FlaskClient, "open", ask_and_compare)
        yield
