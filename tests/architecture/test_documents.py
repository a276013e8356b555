"""Pins that the documents keep step with the code where nothing is generated: kinds, events, commands, examples."""

import json
import re
from types import ModuleType

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


def test_the_door_of_the_guide_is_a_whole_one() -> None:
    """The example stands as it was tried."""
    guide = (ROOT / "docs/adding-a-door.md").read_text()
    code, *_ = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    door = ModuleType("v1.doors.shell")
    exec(compile(code, "docs/adding-a-door.md", "exec"), door.__dict__)
    table = set(re.findall(r"^\| `(\w+)", guide, re.MULTILINE))
    assert table == {"PREFIXES", "ACCEPTS", "ERRORS", "blueprint", "read", "answer", "refuse"}
    assert all(hasattr(door, name) for name in table)
    doors = (ROOT / "v1/doors/__init__.py").read_text()
    shown, real = (text.split("\nDOORS")[1].split("\n)")[0] for text in (guide, doors))
    assert shown.replace(", shell)", ")") == real


def test_every_place_that_the_guide_names_is_there() -> None:
    guide = (ROOT / "docs/adding-a-door.md").read_text()
    places = set(re.findall(r"`((?:v1|tests|docs|sql|config)/[\w./]*)`", guide))
    places -= {"v1/doors/shell.py", "v1/doors/shell.openapi.json", "tests/doors/test_shell.py"}
    assert len(places) > 10 and [place for place in places if not (ROOT / place).exists()] == []
