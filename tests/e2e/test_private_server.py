"""Making and starting a private MariaDB leaves every other server alone."""

import tempfile
from pathlib import Path

import pytest

from tools import private_mariadb, private_server


def test_the_temporary_tables_of_another_server_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that starts deletes all of these that it finds in its tmpdir: of two made at once, one failed."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)  # so that Python's own idea of it follows
    table = tmp_path / "#sql-temptable-1234-1-1.MAI"
    table.touch()

    server = private_mariadb.start(tmp_path / "mariadb")
    private_server.stop(server)

    assert table.exists()
