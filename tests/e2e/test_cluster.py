"""A cluster on loopback keeps its promises while one of its nodes is lost: the short version of `make test-cluster`."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.conftest import ROOT, installed
from tests.e2e.faults import until
from tests.ports import free_port
from tools import private_mariadb
from tools.cluster import cluster as clusters
from tools.cluster import galera, network, promise_list
from tools.cluster.cluster import Cluster, Plan
from tools.cluster.fault_list import COMMON, GALERA
from tools.cluster.faults import SETTINGS, one_round
from tools.cluster.load import add_users

HOLDS = """
import sys
from pathlib import Path
from tools import private_mariadb
from tools.cluster import network
from tools.cluster.cluster import Plan, running

plan = Plan(Path(sys.argv[1]), network.loopback(3), 1, {}, private_mariadb.ENGINE)
with running(plan, lambda parts: None, print):
    raise AssertionError("a test kills it before")
"""


@pytest.fixture(scope="module")
def galera_installed() -> None:
    installed("rsync", "rsync")
    installed("lsof", "lsof")
    if not Path(galera.PROVIDER).exists():
        assert os.environ.get("CI") != "true", "CI must have galera-4: see `make test`"
        pytest.skip("Galera is not installed: apt-get install galera-4")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, galera_installed: None) -> Iterator[Cluster]:
    installed("haproxy", "haproxy")
    place, places = tmp_path_factory.mktemp("cluster") / "nodes", network.loopback(clusters.NODES)
    plan = Plan(place, places, free_port(), SETTINGS, private_mariadb.ENGINE)
    with clusters.running(plan, add_users, lambda text: None) as running:
        yield running


@pytest.mark.parametrize("name", ["kill-database", "kill-gatepass"])
def test_no_promise_is_broken_while_a_node_is_lost(cluster: Cluster, name: str) -> None:
    result = one_round(cluster, name, {**COMMON, **GALERA}[name], number=0, away=2)
    assert result.examples == () and result.kept
    tokens = result.counts["logins"]
    assert tokens >= 100 and result.counts["checks"] >= tokens
    assert result.counts["revocations"] > 0 and result.counts["afterwards"] == 3 * tokens


def test_what_one_node_has_answered_every_node_knows_at_once(cluster: Cluster) -> None:
    for asked in (promise_list.logins_elsewhere(cluster, 100), promise_list.revocations_elsewhere(cluster, 100)):
        assert (asked.right, asked.wrong) == (100, 0)


def programs(place: Path) -> list[str]:
    """The command lines of the processes that have this place in them."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has ended
            continue
    return [line for line in lines if str(place) in line and HOLDS[:20] not in line]


@pytest.mark.usefixtures("galera_installed")
def test_a_cluster_that_is_killed_during_a_state_transfer_leaves_nothing_running(tmp_path: Path) -> None:
    place = tmp_path / "nodes"
    process = processes.start([sys.executable, "-c", HOLDS, str(place)], cwd=ROOT)
    try:
        until(lambda: process.poll() is not None or any("wsrep_sst_" in each for each in programs(place)), "a transfer")
        assert process.poll() is None
        process.kill()
        until(lambda: programs(place) == [], "every process has ended")
    finally:
        process.kill()
        process.wait()
        if (place / "sockets").exists():
            shutil.rmtree((place / "sockets").read_text(), ignore_errors=True)
