"""The commands of the cluster say what is wrong with what they were given, in a line."""

import signal
import sys
from importlib import import_module

import pytest

COMMANDS = ["tools.cluster.__main__", "tools.cluster.faults", "tools.cluster.promises", "tools.cluster.processor_time"]
ALL = [*COMMANDS, "tools.crash.__main__"]


@pytest.fixture(params=ALL)
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(monkeypatch: pytest.MonkeyPatch, module: str, *arguments: str) -> int:
    """Run a command of the cluster in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", [module, *arguments])
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    try:
        return int(import_module(module).main())
    except SystemExit as end:
        return int(str(end.code))


def test_help_has_an_example(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run(monkeypatch, command, "--help") == 0
    assert f"  python -m {command.removesuffix('.__main__')}" in capsys.readouterr().out.partition("example")[2]


def test_an_engine_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("ENGINE", "oracle")
    assert run(monkeypatch, command) == 1
    assert capsys.readouterr().err == "ENGINE must be mariadb or mysql, not 'oracle'\n"


@pytest.mark.parametrize("module", COMMANDS[2:])
def test_a_setting_that_has_no_name_or_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    for text in ("CAUSAL_CHECKS", "=0", ""):
        assert run(monkeypatch, module, "--setting", text) == 2
        assert f"write NAME=VALUE, not {text!r}" in capsys.readouterr().err
