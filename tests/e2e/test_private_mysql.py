"""A private MySQL starts, keeps its data through a crash, and ends. `ENGINE=mysql` runs these tests."""

from pathlib import Path

import pytest

from tests.database_servers import only_mysql
from tools import private_mysql, private_server
from tools.private_server import ServerError

pytestmark = only_mysql


def test_it_keeps_its_data_through_a_crash(tmp_path: Path) -> None:
    server = private_mysql.start(tmp_path / "mysql")
    try:
        assert server.sql("SELECT VERSION()").startswith(private_mysql.version().split("-")[0])
        server.sql("CREATE TABLE kept (id INT PRIMARY KEY); INSERT INTO kept VALUES (7)", "gatepass")
    finally:
        private_server.stop(server, kill=True)

    again = private_mysql.start(tmp_path / "mysql")
    try:
        assert again.sql("SELECT id FROM kept", "gatepass") == "7\n"
        assert again.password == server.password and again.password not in repr(again)
    finally:
        private_server.stop(again)
    assert not again.socket.parent.exists()


def test_one_that_was_left_behind_is_ended(tmp_path: Path) -> None:
    server = private_mysql.start(tmp_path / "mysql")
    try:
        private_server.end_leftover(tmp_path / "another")
        assert server.process.poll() is None
        private_server.end_leftover(tmp_path / "mysql")
        assert server.process.wait(timeout=60) == 0
    finally:
        private_server.stop(server)


def test_one_that_cannot_start_says_where_its_log_is(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="^MySQL ended at once; its log is .*server.log$"):
        private_mysql.start(tmp_path / "mysql", "--no-such-option")
    assert "no-such-option" in (tmp_path / "mysql/server.log").read_text()
