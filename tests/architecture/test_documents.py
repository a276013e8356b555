"""Pins that the documents keep step with the code where nothing is generated: kinds, events, commands, examples."""

import json
import re

import pytest

from tests.architecture import source
from tests.conftest import ROOT
from v1 import create_app, settings
from v1.db import migrations
from v1.doors import DOORS, PRE_FLASK_PATHS


def served() -> set[str]:
    """Every URL of the service, with names for what varies."""
    app = create_app(settings.load({"DATABASE_URL": "mysql://u:p@127.0.0.1/d", "APP_ENV": "development"}))
    return {rule.rule for rule in app.url_map.iter_rules()} | set(PRE_FLASK_PATHS)


def test_every_curl_of_the_readme_and_the_tour_calls_what_is_served() -> None:
    """tests/e2e/test_tour.py runs them."""
    read = (ROOT / "README.md").read_text() + (ROOT / "docs/tour.md").read_text()
    called = re.findall(r"http://127\.0\.0\.1:8000(/[^\s\"?$)`]*)", read)
    examples = {"/apiops/test/hello/Ann": "/apiops/test/hello/<name>"}
    assert called and {examples.get(path, path) for path in called} <= served()


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


def test_the_reason_of_the_example_is_one_that_readyz_gives() -> None:
    examples = json.loads((ROOT / "docs/openapi.json").read_text())["components"]["examples"]
    (reason,) = examples["NotReadyWithReasons"]["value"]["reasons"]
    assert reason in [f"run `flask db migrate`: {step} is due" for step in migrations.steps()]


def test_no_command_line_in_a_head_of_sql_is_followed_by_a_comment_of_sql() -> None:
    """It is pasted into a shell, which takes the words for arguments."""
    for path in (ROOT / "sql").rglob("*.sql"):
        assert not re.search(r"^-- +mariadb .* -- ", path.read_text(), re.MULTILINE), path


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme and "make test" in readme
