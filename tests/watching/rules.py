"""config/prometheus/gatepass.rules.yml, and runs of promtool on it."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT, installed

PATH = ROOT / "config/prometheus/gatepass.rules.yml"
GROUPS: list[dict[str, Any]] = yaml.safe_load(PATH.read_text())["groups"]
ALERTS: dict[str, dict[str, Any]] = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}


def promtool(*words: str | Path, place: Path) -> None:
    """Run promtool in this folder; what it prints is the failure's text."""
    command = [installed("promtool", "prometheus"), *map(str, words)]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr


def check_firing(place: Path, series: Mapping[str, str], minutes: int, names: Sequence[str]) -> None:
    """Of all alerts exactly these fire so many minutes after the beginning of these series, one value in 30 s."""
    samples = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(names)]
    asked = {"expr": 'group by (alertname) (ALERTS{alertstate="firing"})', "eval_time": f"{minutes}m"}
    test = {
        "interval": "30s",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{**asked, "exp_samples": samples}],
    }
    file = {"rule_files": [str(PATH)], "evaluation_interval": "30s", "tests": [test]}
    (place / "test.yml").write_text(yaml.safe_dump(file))
    promtool("test", "rules", "test.yml", place=place)


def metrics_of(expression: str) -> set[str]:
    """The metrics of Gatepass that an expression names."""
    return set(re.findall(r"\bgatepass_\w+", expression))
