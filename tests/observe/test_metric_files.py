"""On a full disk a worker counts in memory, and lives."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import ROOT
from tools.crash.small_disk import may_mount

SMALL: Final = 'mount -t tmpfs -o size=640k none "$PROMETHEUS_MULTIPROC_DIR" && exec "$@"'

PROGRAM: Final = """
import json, os
from pathlib import Path
from prometheus_client import Gauge
from tools.crash.small_disk import SmallDisk
from v1.observe import logs, metrics

logs.configure()
disk = SmallDisk(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
metrics.tokens_issued.labels("mobile").inc()
disk.fill()
Gauge("new", "Has a file of its own.", multiprocess_mode="all").set(2)
for number in range(2000):  # a file that grows
    metrics.token_checks.labels(str(number)).inc()
metrics.tokens_issued.labels("mobile").inc()
counted = [metrics.tokens_issued.labels("mobile"), metrics.token_checks.labels("1999")]
disk.free()
print(json.dumps([each._value.get() for each in counted]))
print("gatepass_tokens_issued_total" in metrics.render().decode())
"""


@pytest.mark.skipif(not may_mount(), reason="this needs the right to mount")
def test_a_worker_on_a_full_disk_goes_on_counting_and_says_so_once(tmp_path: Path) -> None:
    command = ["unshare", "--mount", "sh", "-c", SMALL, "sh", sys.executable, "-c", PROGRAM]
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=240)
    assert done.stdout.splitlines() == ["[2.0, 1.0]", "True"], (done.returncode, done.stderr)
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["metrics.no_room"]
