"""A line that cannot be written is lost, and nothing else is written in its place."""

import logging

import pytest

from v1.observe.logs import Lines


def test_a_full_disk_writes_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("v1", logging.INFO, "", 0, "a line", (), None)
    with open("/dev/full", "wb", buffering=0) as full:
        stream = open(full.fileno(), "w", buffering=1, closefd=False)
        Lines(stream).handle(record)
        with pytest.raises(OSError):
            stream.close()
    assert capsys.readouterr().err == ""
