"""A request waits for one of the threads there are, where the system refuses another thread."""

import json
import subprocess
import sys
from typing import Final

from tests.conftest import ROOT

PROGRAM: Final = """
import json, resource, threading
from pathlib import Path
from v1.observe import logs
from v1.server.worker.threads import Threads

logs.configure()
pool, hold = Threads(max_workers=4), threading.Event()
first = pool.submit(hold.wait, 60)
size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))
later = [pool.submit(threading.get_ident) for _ in range(3)]
hold.set()
print(json.dumps([first.result(), len({each.result() for each in later})]))
"""


def test_requests_wait_for_the_threads_there_are() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert json.loads(done.stdout) == [True, 1], done.stderr
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["threads.refused"]
