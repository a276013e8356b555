"""The processes that a measurement starts: each is waited for, and stopped by its own id, also after Ctrl-C."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.report import BenchError
from tools.children import ended_with_parent

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str], log: Path, directory: Path = ROOT, end: int = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """A process while the block runs; `end` is the signal that ends it in order. Its words go to `log`."""
    with log.open("ab") as output:
        # A session of its own: Ctrl-C reaches us alone, and we end it in order.
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=ended_with_parent(),
        )
    try:
        yield process
    finally:
        stop(process, end)


def stop(process: subprocess.Popen[bytes], end: int = signal.SIGTERM) -> None:
    """End it in order; kill it if that takes over a minute."""
    if process.poll() is None:
        process.send_signal(end)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)


def wait_for_answer(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    """Until any HTTP answer comes from the port, looking every 2 ms."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("OPTIONS", path)
            connection.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.002)
        finally:
            connection.close()
    raise BenchError(f"{process.args!r} did not answer:\n" + log.read_text(errors="replace")[-2000:])


def children(pid: int) -> list[int]:
    """The ids of a process's children, in order."""
    return sorted(int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def processor_seconds(pids: Iterable[int]) -> float:
    """Seconds of processor time that all threads of these processes have used."""
    return sum(map(_processor_seconds, pids))


def thread_seconds(pids: Iterable[int]) -> float:
    """The same of the threads that these processes have now, to the nanosecond: enough to tell of a single request."""
    threads = (thread for pid in pids for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
