"""A cluster on loopback keeps its promises while one of its nodes is lost: the short version of `make test-cluster`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import installed
from tests.ports import free_port
from tools import private_mariadb
from tools.cluster import cluster as clusters
from tools.cluster import galera, network, promise_list
from tools.cluster.cluster import Cluster, Plan
from tools.cluster.fault_list import COMMON, GALERA
from tools.cluster.faults import SETTINGS, one_round
from tools.cluster.load import add_users


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    installed("haproxy", "haproxy")
    installed("rsync", "rsync")
    installed("lsof", "lsof")
    if not Path(galera.PROVIDER).exists():
        assert os.environ.get("CI") != "true", "CI must have galera-4: see `make test`"
        pytest.skip("Galera is not installed: apt-get install galera-4")
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
