"""What the tests of the doors share: the lines that the service writes to its log."""

import logging
from collections.abc import Iterator

import pytest

from tests.doors.contract import Lines
from v1.observe import logs
from v1.observe.logs import JsonLines


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    handler = Lines(JsonLines())
    monkeypatch.setattr(logs, "write", handler.lines.append)
    logger = logging.getLogger("v1")
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)
