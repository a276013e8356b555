"""The commands of the cluster say what is wrong with what they were given, in a line."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

COMMANDS = ["tools.cluster", "tools.cluster.faults", "tools.cluster.promises", "tools.cluster.processor_time"]


def run(module: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True)


@pytest.mark.parametrize("module", [*COMMANDS, "tools.crash"])
def test_help_has_an_example(module: str) -> None:
    done = run(module, "--help", ENGINE="mariadb")
    assert done.returncode == 0 and f"  python -m {module}" in done.stdout.partition("example")[2]


@pytest.mark.parametrize("module", [*COMMANDS, "tools.crash"])
def test_an_engine_that_does_not_exist_is_named(module: str) -> None:
    done = run(module, ENGINE="oracle")
    assert (done.returncode, done.stderr) == (1, "ENGINE must be mariadb or mysql, not 'oracle'\n")


@pytest.mark.parametrize("module", COMMANDS[2:])
@pytest.mark.parametrize("text", ["CAUSAL_CHECKS", "=0", ""])
def test_a_setting_that_has_no_name_or_value_is_refused(module: str, text: str) -> None:
    done = run(module, "--setting", text)
    assert done.returncode == 2 and f"write NAME=VALUE, not {text!r}" in done.stderr
