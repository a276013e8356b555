"""Pins what a private MariaDB answers, and that making and starting one leaves every other server alone."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from tools import private_mariadb
from tools.private_mariadb import Server, ServerError


def test_the_temporary_tables_of_another_server_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that starts deletes all of these that it finds in its tmpdir: of two made at once, one failed."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)  # so that Python's own idea of it follows
    table = tmp_path / "#sql-temptable-1234-1-1.MAI"
    table.touch()

    server = private_mariadb.start(tmp_path / "mariadb")
    private_mariadb.stop(server)

    assert table.exists()


def test_sql_answers_as_the_mariadb_client_prints(mariadb: Server) -> None:
    text = "SELECT NULL, 1.50, 'a\\tb\\nc\\\\d\\0', X'C3A9', NOW() > 0; DO 1; SELECT 'é', ''; SELECT '📱';"
    command = ["mariadb", f"--defaults-file={mariadb.directory / 'root.cnf'}", "--batch", "--skip-column-names"]
    printed = subprocess.run(command, input=text, capture_output=True, check=True, text=True).stdout
    assert mariadb.sql(text) == printed
    assert mariadb.sql("SELECT 1 WHERE 0") == mariadb.sql("") == ""
    assert mariadb.sql("SELECT 1;\n-- no more") == "1\n"
    assert printed == "NULL\t1.50\ta\\tb\\nc\\\\d\\0\té\t1\né\t\n📱\n"


def test_sql_says_what_the_server_says_against_it(mariadb: Server) -> None:
    for text in ("SELECT 1; no sql", "no sql"):
        with pytest.raises(ServerError, match="1064 .*near 'no sql'"):
            mariadb.sql(text)
