"""`make audit` never says "none" of a package that it could not look up."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.release.audit import CLEAN, UNKNOWN, VULNERABLE, verdict

GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "could not be audited"}


@pytest.mark.parametrize(
    ("packages", "code"),
    [([GOOD], CLEAN), ([GOOD, BAD, SKIPPED], VULNERABLE), ([GOOD, SKIPPED], UNKNOWN), ([], UNKNOWN)],
)
def test_the_exit_code_tells_clean_from_unknown(packages: list[dict], code: int) -> None:
    found, lines = verdict(packages)
    assert found == code and any("no clean result" in line for line in lines) == (packages[1:] != [] or not packages)


@pytest.mark.parametrize("program", ["echo 'no route to host' >&2; exit 1", "echo '{}'"])
def test_an_audit_that_could_not_ask_says_so(program: str, tmp_path: Path) -> None:
    script = tmp_path / "pip-audit"
    script.write_text(f"#!/bin/sh\n{program}\n")
    script.chmod(0o700)
    command = [sys.executable, "-m", "tools.release.audit", str(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == UNKNOWN and done.stderr.startswith("NOT AUDITED: ") and done.stdout == ""
