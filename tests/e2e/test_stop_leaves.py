"""Pins what a stop writes, answers and removes last: the notes in memory, kept connections, the metrics' directory."""

import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.test_stop import reload, start, verify, whole_answer
from tools.private_mariadb import Server

__all__ = ["start"]


def test_at_a_stop_kept_connections_get_two_seconds_and_a_last_answer(start: Callable[..., Gunicorn]) -> None:
    service = start()
    idle, used = wire.connect(service), wire.connect(service)
    for client in (idle, used):
        client.sendall(wire.post())
        assert wire.read_answer(client).headers["connection"] == "keep-alive"
    service.process.send_signal(signal.SIGTERM)
    last = [whole_answer(used, wire.post())]
    while last[-1] and last[-1].headers["connection"] == "keep-alive":  # its worker was not told yet
        last.append(whole_answer(used, wire.post()))
    assert last[-1] is not None and (last[-1].code, last[-1].headers["connection"]) == ("ok", "close")
    for client in (idle, used):
        assert client.recv(1) == b""
        client.close()
    assert service.process.wait(timeout=60) == 0


def test_two_workers_told_to_stop_write_what_they_had_noted(database: Server, start: Callable[..., Gunicorn]) -> None:
    began, service = int(time.time()), start()
    token = wire.log_in(service).json["data"]["access_token"]
    database.sql("UPDATE auth_tokens SET last_access = 1", "gatepass")
    forms = [b"username=admin&password=" + word for word in (b"password", b"x") * 8]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda form: service.send(wire.post(form)), forms))
    assert verify(service, token).status == 200
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(timeout=60) == 0
    assert int(database.sql("SELECT MIN(last_access) FROM auth_tokens", "gatepass")) >= began
    counts = "SELECT door, outcome, SUM(logins) FROM login_stats GROUP BY door, outcome ORDER BY outcome"
    assert database.sql(counts, "gatepass") == "oauth\tfailed\t8\noauth\tok\t9\n"


def test_the_directory_of_the_metrics_ends_with_the_service_and_a_reload_leaves_none(
    start: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    service = start()
    assert len(left(tmp_path)) == 1
    reload(service)
    assert len(left(tmp_path)) == 1
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(timeout=60) == 0
    assert left(tmp_path) == []


def test_a_start_that_is_refused_leaves_no_directory_and_one_that_is_named_is_kept(
    start: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match="BCRYPT_COST"):
        start(BCRYPT_COST="99")
    assert left(tmp_path) == []
    named = tmp_path / "tmp" / "the operator's metrics"
    named.mkdir()
    service = start(PROMETHEUS_MULTIPROC_DIR=str(named))
    assert left(tmp_path) == [named.name] and list(named.iterdir())
    service.stop()
    assert left(tmp_path) == [named.name]


def left(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "tmp").iterdir() if "metrics" in path.name]
