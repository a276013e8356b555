"""What the tests of the doors share: the lines that the service writes to its log."""

import logging
from collections.abc import Iterator

import pytest

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
