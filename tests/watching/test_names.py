"""The alerts and the dashboard name metrics, labels and routes that the service has, and the documents every alert."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from tests.conftest import ROOT, build, environment
from tests.watching.rules import ALERTS, metrics_of, promtool
from tools.private_server import Server
from v1.doors import pre_flask
from v1.observe import memory, metrics

DASHBOARD: Final[dict[str, Any]] = json.loads((ROOT / "config/grafana/gatepass.json").read_text())
PANELS: Final[list[dict[str, Any]]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS: Final[list[dict[str, Any]]] = [target for panel in PANELS for target in panel["targets"]]
NOTED: Final = [each["expr"] for each in DASHBOARD["annotations"]["list"]]

LEFT_OUT: Final[set[str]] = set()
"""Metrics that the dashboard does not show."""

TARGET_LABELS: Final = {"job", "instance"}
"""Labels that Prometheus adds."""


def labels_of_metrics() -> dict[str, set[str]]:
    """Each series of the service by name, with its labels."""
    found = {memory.NAME: set()}
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            labels = set(metric._labelnames)
            ends = {Counter: {"_total": set()}, Gauge: {"": set()}}.get(type(metric))
            ends = ends or {"_bucket": {"le"}, "_count": set(), "_sum": set()}
            found |= {metric._name + end: labels | more for end, more in ends.items()}
    return found


SERIES: Final = labels_of_metrics()


def plain(expression: str) -> str:
    """An expression of the dashboard as Prometheus gets it."""
    text = expression.replace("$job", "gatepass").replace("$instance", ".*").replace("$__rate_interval", "1m")
    assert "$" not in text, text
    return text


EXPRESSIONS = [*(rule["expr"] for rule in ALERTS.values()), *(each["expr"] for each in TARGETS), *NOTED]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_exists_and_has_the_labels_that_are_asked_for(expression: str) -> None:
    used = metrics_of(expression)
    assert used <= SERIES.keys()
    has = TARGET_LABELS.union(*(SERIES[name] for name in used))
    matched = re.findall(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"", expression)
    grouped = [name for names in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression) for name in names.split(", ")]
    assert {*matched, *grouped} <= has


def test_what_a_legend_names_is_a_label_of_the_result() -> None:
    for target in TARGETS:
        grouped = {name for names in re.findall(r"\bby \(([^)]*)\)", target["expr"]) for name in names.split(", ")}
        assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= grouped, target


def test_the_dashboard_shows_every_metric() -> None:
    shown = set().union(*(metrics_of(each["expr"]) for each in TARGETS))
    families = {re.sub("_(bucket|count|sum)$", "", name) for name in SERIES}
    assert {each for each in families if not any(name.startswith(each) for name in shown)} == LEFT_OUT


def test_every_route_that_is_asked_for_is_one(migrated: Server) -> None:
    """Each alternative of a pattern matches a route, as the metrics name it."""
    app = build(environment(migrated))
    routes = {rule.rule for rule in app.url_map.iter_rules()}
    routes |= {each.paths[0] for each in app.extensions[pre_flask.EXTENSION].values()}
    asked = {pattern for each in EXPRESSIONS for pattern in re.findall(r'route[!=]~?\s*"([^"]+)"', each)}
    for pattern in asked:
        for part in re.split(r"\|(?![^(]*\))", pattern):
            assert any(re.fullmatch(part, route) for route in routes), part


def test_every_expression_of_the_dashboard_is_promql(tmp_path: Path) -> None:
    rules = [{"record": f"a:{number}", "expr": plain(each)} for number, each in enumerate(EXPRESSIONS[len(ALERTS) :])]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "a", "rules": rules}]}))
    promtool("check", "rules", "rules.yml", place=tmp_path)


def test_the_dashboard_can_be_imported() -> None:
    variables = {each["name"]: each["type"] for each in DASHBOARD["templating"]["list"]}
    assert variables == {"datasource": "datasource", "job": "query", "instance": "query"}
    source = {"type": "prometheus", "uid": "${datasource}"}
    assert all(each["datasource"] == source for each in [*PANELS, *TARGETS])
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids) and "id" not in DASHBOARD
    taken = [(x, y) for panel in DASHBOARD["panels"] for x, y in cells(**panel["gridPos"])]
    assert len(set(taken)) == len(taken) and max(x for x, _ in taken) < 24


def cells(x: int, y: int, w: int, h: int) -> list[tuple[int, int]]:
    """The cells of Grafana's grid that a panel takes."""
    return [(x + right, y + down) for right in range(w) for down in range(h)]


def test_the_example_of_a_scrape_is_good_and_loads_the_alerts() -> None:
    promtool("check", "config", "prometheus.yml", place=ROOT / "config/prometheus")


def test_every_alert_says_what_it_is_and_where_to_read_on() -> None:
    operating = (ROOT / "docs/operating.md").read_text()
    described = re.findall(r"^### (Gatepass\w+)$", operating, re.MULTILINE)
    assert sorted(described) == sorted(ALERTS)
    for name, rule in ALERTS.items():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "runbook"}
        assert rule["annotations"]["runbook"] == f"docs/operating.md#{name.lower()}"


def test_every_metric_is_explained() -> None:
    operating = (ROOT / "docs/operating.md").read_text()
    families = {re.sub("_(bucket|count|sum)$", "", name) for name in SERIES}
    assert [each for each in families if f"`{each}" not in operating] == []
