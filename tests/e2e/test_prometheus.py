"""A real Prometheus with config/prometheus reads a real Gatepass: it scrapes, loads the alerts, and tells of an end."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from tests.conftest import ROOT, Gunicorn, add_user, installed, serve
from tests.e2e import nginx, wire
from tests.e2e.faults import until
from tests.e2e.nginx import replaced
from tests.ports import free_port
from tests.watching.rules import ALERTS, metrics_of
from tests.watching.test_names import TARGETS, plain
from tools.private_server import Server

FOLDER = ROOT / "config/prometheus"
QUICK = (("scrape_interval: 15s", "scrape_interval: 1s"), ("evaluation_interval: 15s", "evaluation_interval: 1s"))

AFTER_AN_ERROR = {"gatepass_database_errors_total", "gatepass_logins_throttled_total"}
"""Metrics without a value while nothing is wrong."""


@dataclass(frozen=True)
class Prometheus:
    """A running one."""

    port: int

    def get(self, path: str, **fields: str) -> Any:
        """The data of an answer of its API."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(fields)}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)["data"]

    def query(self, expression: str) -> list[Any]:
        return list(self.get("query", query=expression)["result"])

    def is_up(self) -> bool:
        try:
            return bool(self.get("status/buildinfo"))
        except (urllib.error.URLError, ConnectionError):
            return False


@contextmanager
def running(place: Path, gatepass: int) -> Iterator[Prometheus]:
    """Prometheus with the operator's example. It asks every second; the alert of a node that is down waits one."""
    command, port = installed("prometheus", "prometheus"), free_port()
    example, rules = ((FOLDER / name).read_text() for name in ("prometheus.yml", "gatepass.rules.yml"))
    target = ('["127.0.0.1:8000"]', f'["127.0.0.1:{gatepass}"]')
    (place / "prometheus.yml").write_text(replaced(example, target, *QUICK))
    down = 'expr: up{job="gatepass"} == 0\n        for: '
    (place / "gatepass.rules.yml").write_text(replaced(rules, (f"{down}1m", f"{down}1s")))
    words = [f"--config.file={place}/prometheus.yml", f"--storage.tsdb.path={place}/data"]
    listen = f"--web.listen-address=127.0.0.1:{port}"
    with (place / "prometheus.log").open("wb") as log:
        process = processes.start([command, *words, listen], stdout=log, stderr=log)
    try:
        made = Prometheus(port)
        until(lambda: process.poll() is not None or made.is_up(), "Prometheus listens")
        assert process.poll() is None, (place / "prometheus.log").read_text()
        yield made
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def gatepass(admin: Server, tmp_path: Path) -> Iterator[Gunicorn]:
    add_user(admin, "somebody")
    service = serve(tmp_path / "gatepass.log", admin, WORKERS="2")
    yield service
    service.stop()


def use(gatepass: Gunicorn) -> None:
    """One request of each kind."""
    token = wire.log_in(gatepass).json["data"]["access_token"]
    nginx.ask(gatepass, "/v1/verify/", f"Authorization: Token {token}")
    nginx.rpc(gatepass, "Auth.CreateApiToken", ttl=60)
    nginx.log_in(gatepass, name="nobody")
    for path in ("/console/sign-in/", "/stream/check", "/info", "/apiops/test/healthcheck"):
        nginx.ask(gatepass, path)
    nginx.ask(gatepass, "/v1/logout/", f"Authorization: Token {token}", method="POST")
    nginx.ask(gatepass, "/readyz")


def test_prometheus_reads_the_metrics_fills_the_dashboard_and_tells_of_the_end(
    gatepass: Gunicorn, tmp_path: Path
) -> None:
    use(gatepass)
    with running(tmp_path, gatepass.port) as prometheus:
        loaded = [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]
        assert sorted(rule["name"] for rule in loaded) == sorted(ALERTS)
        until(lambda: prometheus.query('up{job="gatepass"} == 1'), "Prometheus reads the metrics")
        asked = [plain(target["expr"]) for target in TARGETS]
        asked = [each for each in asked if metrics_of(each).isdisjoint(AFTER_AN_ERROR)]
        until(lambda: _all_answered_after_use(gatepass, prometheus, asked), "each has a value")
        assert {each["health"] for each in prometheus.get("targets")["activeTargets"]} == {"up"}
        until(lambda: all(_evaluated(prometheus)), "every alert was evaluated without an error")

        gatepass.stop()
        until(lambda: _state(prometheus, "GatepassDown") == "firing", "the end is told")
        (told,) = [each for each in prometheus.get("alerts")["alerts"] if each["labels"]["alertname"] == "GatepassDown"]
        assert told["labels"]["severity"] == "page"
        assert told["annotations"]["summary"] == f"127.0.0.1:{gatepass.port} does not answer /metrics"


def _all_answered_after_use(gatepass: Gunicorn, prometheus: Prometheus, asked: list[str]) -> bool:
    """Has each of these expressions a result? A rate has one after two scrapes. Those that have one are taken out."""
    use(gatepass)
    asked[:] = [each for each in asked if not prometheus.query(each)]
    return not asked


def _evaluated(prometheus: Prometheus) -> list[bool]:
    return [rule["health"] == "ok" for group in prometheus.get("rules")["groups"] for rule in group["rules"]]


def _state(prometheus: Prometheus, alert: str) -> str:
    states = {rule["name"]: rule["state"] for group in prometheus.get("rules")["groups"] for rule in group["rules"]}
    return str(states[alert])
