"""Tests that the documents name every kind of token and every event of the log, with the bench's figures."""

import re

import pytest

from tests.architecture import source
from tests.conftest import ROOT
from v1.doors import DOORS


@pytest.mark.parametrize("document", ["docs/architecture.md", "docs/for-dbas.md"])
def test_every_kind_of_token_is_in_a_table(document: str) -> None:
    tables = [door.ACCEPTS for door in DOORS if hasattr(door, "ACCEPTS")]
    kinds = {kind for table in tables for accepted in table.values() for kind in accepted}
    listed = set(re.findall(r"^\| `(\w+)` \|", (ROOT / document).read_text(), re.MULTILINE))
    assert kinds and kinds <= listed


def test_every_event_of_the_log_is_explained() -> None:
    operating = (ROOT / "docs/operating.md").read_text()
    code = "".join(path.read_text() for path in source.MODULES)
    said = re.findall(r'(?:\b(?:event|act)\(|"event": )([^,)}]+)', code)
    events = set(re.findall(r'"([a-z]+\.[a-z_]+)"', "".join(said)))
    assert events >= {"login.throttled", "login.failed", "user.disabled", "hashing.priority"}
    assert [each for each in events if f"`{each}`" not in operating] == []


def test_the_readme_has_the_figures_of_the_last_bench() -> None:
    results = (ROOT / "bench/results.md").read_text()
    rates = [int(each) for each in re.findall(r"^\| Gatepass, last_access of every [^|]+\| +(\d+) \|", results, re.M)]
    starts = ("checks a second, 8 ", "the same at 32 ", "logins beside the P", "median check, 10,000,000", "memory of")
    figures = [float(re.search(rf"^\| {each}[^|]+\| ([\d.]+)", results, re.M)[1]) for each in starts]
    few, many, logins, time, rss = figures
    low, high = (f"{round(each, -2):,}" for each in rates[:2])
    shown = f"| {low} to {high} | {few:.1f} to {many:.1f} times | {logins:.2f} times | {time:.2f} times | {rss} MiB |"
    assert shown in (ROOT / "README.md").read_text()
