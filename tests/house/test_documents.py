"""Pins that the documents keep step with the code: settings, URLs, error codes, events, commands."""

import json
import re
from dataclasses import fields

import pytest

from tests.conftest import ROOT
from tests.house import source
from v1 import create_app, migrations, settings
from v1.doors import envelope

SETTINGS = [each.name.upper() for each in fields(settings.Settings)]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_in_the_example_and_in_the_documents(name: str) -> None:
    example = (ROOT / "config/service.env.example").read_text()
    assert re.search(rf"^#?{name}=", example, re.MULTILINE)
    assert re.search(rf"^## {name}$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)


def test_the_example_names_no_setting_that_is_not_there() -> None:
    example = (ROOT / "config/service.env.example").read_text()
    assert re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE) == SETTINGS


def test_the_example_states_the_real_defaults() -> None:
    example = (ROOT / "config/service.env.example").read_text()
    defaults = {each.name.upper(): each.default for each in fields(settings.Settings)}
    for name, text in re.findall(r"^#([A-Z_]+)=(.*)$", example, re.MULTILINE):
        if name not in ("MIGRATE_DATABASE_URL", "TRUSTED_PROXIES", "METRICS_ALLOW"):
            default = defaults[name]
            default = int(default) if isinstance(default, bool) else "" if default is None else default
            assert text == (",".join(default) if isinstance(default, tuple) else str(default))


def test_every_url_is_in_the_flow_document() -> None:
    app = create_app(settings.load({"DATABASE_URL": "mysql://u:p@127.0.0.1/d", "APP_ENV": "development"}))
    flow = (ROOT / "docs/flow.md").read_text()
    assert [rule.rule for rule in app.url_map.iter_rules() if f"`{rule.rule}`" not in flow] == []


def test_every_module_is_in_the_flow_document() -> None:
    flow = (ROOT / "docs/flow.md").read_text()
    assert [source.name(path) for path in source.MODULES if f"`{source.name(path)}`" not in flow] == []


def test_every_error_code_is_explained() -> None:
    documented = (ROOT / "docs/errors.md").read_text()
    for said in envelope.ERRORS.values():
        assert re.search(rf"^\| {said.code} \| {said.type} \|.* {said.status}", documented, re.MULTILINE), said


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


def test_every_make_verb_is_in_the_readme_or_its_help() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme and "make test" in readme


def test_every_file_a_document_names_is_there() -> None:
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
