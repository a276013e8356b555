"""The tools that check a release, which `make test` installs into an environment of their own."""

import subprocess
from collections.abc import Callable

import pytest

from tests.conftest import ROOT

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def tool() -> Callable[..., Done]:
    """`tool(program, *words)` runs one. Without them the test is skipped."""
    place = ROOT / ".venv/release"
    if not (place / "installed").exists():
        pytest.skip("this needs the tools of a release: make .venv/release/installed")

    def run(program: str, *words: str) -> Done:
        command = [str(place / "bin" / program), *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    return run
