"""What a stop writes, answers and removes last: notes in memory, kept connections, the directory of the metrics."""

import re
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import until
from tests.e2e.test_stop import reload, start, verify, whole_answer, workers
from tools.private_server import Server
from v1.observe import worker_numbers

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


def test_the_numbers_of_two_workers_are_added_up(start: Callable[..., Gunicorn], tmp_path: Path) -> None:
    service = start()
    (name,) = left(tmp_path)
    numbers = tmp_path / "tmp" / name
    with ThreadPoolExecutor(8) as pool:

        def both_have_served() -> bool:
            list(pool.map(lambda _: service.send(b"GET /healthz HTTP/1.0\r\n\r\n"), range(16)))
            return len(counted(numbers)) == 2

        until(both_have_served, "each worker serves some")
    shown = service.send(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n").decode()
    (total,) = re.findall(r'^gatepass_request_seconds_count\{route="/healthz",status="200"\} (\S+)', shown, re.M)
    assert float(total) == sum(counted(numbers))


def test_the_numbers_of_replaced_workers_stay_and_take_no_more_files(
    start: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    service = start()
    (name,) = left(tmp_path)
    numbers = tmp_path / "tmp" / name
    for _ in range(4):
        service.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        reload(service)
        until(lambda: {pid_of(each) for each in numbers.glob("*.db")} <= {0, *living(service)}, "they are joined")
    shown = service.send(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n").decode()
    assert 'gatepass_request_seconds_count{route="/healthz",status="200"} 4.0' in shown
    kinds = {each.name for each in numbers.glob("*_0.db")}
    assert {"counter_0.db", "histogram_0.db"} <= kinds <= {f"{each}_0.db" for each in worker_numbers.JOIN}


def living(service: Gunicorn) -> set[int]:
    return {service.process.pid, *workers(service)}


def pid_of(path: Path) -> int:
    return int(path.stem.rpartition("_")[2])


def counted(numbers: Path) -> list[float]:
    """What each worker that served any counts of /healthz."""
    found = []
    for file in numbers.glob("histogram_*.db"):
        values = MmapedDict.read_all_values_from_file(str(file))
        found += [sum(value for key, value, *_ in values if "request_seconds_bucket" in key and '"/healthz"' in key)]
    return [value for value in found if value]
