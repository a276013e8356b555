"""Pins docs/adding-a-door.md: the door that it builds, in a copy of this checkout, passes the linters and its tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT
from tests.e2e import checkout

GUIDE = (ROOT / "docs/adding-a-door.md").read_text()
BLOCKS = re.findall(r"^`([\w./]+)`:\n\n```(?:python|json|diff)\n(.*?)```", GUIDE, re.DOTALL | re.MULTILINE)
"""The files of the guide, each with its text, or with what changes in it."""

NAMES = [name for name, _ in BLOCKS]
PYTHON = [name for name in NAMES if name.endswith(".py")]
TESTS = [
    *("tests/doors/test_sanctum.py", "tests/doors/test_openapi.py", "tests/doors/test_options.py"),
    *("tests/doors/test_refusals.py", "tests/architecture/test_packages.py", "tests/architecture/test_generated.py"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, kept_mariadb: Path) -> Path:
    """A checkout with the door, after `make docs`. It borrows the virtual environment, and the servers to copy."""
    place = tmp_path_factory.mktemp("door")
    checkout.copy_files(place)
    for name, text in BLOCKS:
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(changed(path.read_text(), text) if path.exists() else text)
    (place / ".pytest_cache/d").mkdir(parents=True)
    (place / ".pytest_cache/d/mariadb").symlink_to(kept_mariadb)
    assert run(place, sys.executable, "-m", "tools.generate").split() == [
        *("changed", "docs/openapi.json"),
        *("changed", "docs/architecture.md"),
    ]
    return place


def changed(text: str, diff: str) -> str:
    """The text with each hunk of the diff applied."""
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        old, new = ("".join(each[1:] for each in lines if each[0] != left) for left in "+-")
        assert text.count(old) == 1, hunk
        text = text.replace(old, new)
    return text


def run(place: Path, *command: str) -> str:
    """Run it in the checkout; what it prints. Fails with that unless it ends well."""
    environ = {"PATH": os.environ["PATH"], "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache")}
    done = subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_code_of_the_guide_passes_the_linters(built: Path) -> None:
    run(built, f"{BIN}/flake8", *PYTHON)
    run(built, f"{BIN}/isort", "--check-only", *PYTHON)
    run(built, f"{BIN}/mypy", "v1")


def test_the_door_keeps_what_every_door_promises(built: Path) -> None:
    printed = run(built, sys.executable, "-m", "pytest", "-q", *TESTS, "-k", "sanctum or generated or every_door")
    assert re.search(r"^\d{2,} passed", printed, re.MULTILINE), printed


def test_every_place_that_the_guide_names_is_there(built: Path) -> None:
    places = set(re.findall(r"`((?:v1|tests|docs|sql|config|tools)/[\w./]*)`", GUIDE))
    assert places > set(NAMES) and [place for place in places if not (built / place).exists()] == []
