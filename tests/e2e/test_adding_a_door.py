"""docs/adding-a-door.md: the door that it builds, in a copy of this checkout, passes the linters and its tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e import checkout
from tests.environments import BIN

GUIDE = (ROOT / "docs/adding-a-door.md").read_text()
BLOCKS = re.findall(r"^`([\w./]+)`:\n\n```(?:python|json)\n(.*?)```", GUIDE, re.DOTALL | re.MULTILINE)
"""The files of the guide, each with its text."""

LIST = "v1/doors/__init__.py"
PYTHON = [LIST, *(name for name, _ in BLOCKS if name.endswith(".py"))]
TESTS = [
    *("tests/doors/test_sanctum.py", "tests/doors/test_openapi.py", "tests/doors/test_openapi_requests.py"),
    "tests/doors/test_options.py",
    *("tests/doors/test_refusals.py", "tests/architecture/test_packages.py", "tests/architecture/test_generated.py"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, kept_servers: Path) -> Path:
    """A checkout with the door, after `make docs`. It borrows the virtual environment, and the servers to copy."""
    place = tmp_path_factory.mktemp("door")
    checkout.copy_files(place)
    for name, text in BLOCKS:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
    (place / LIST).write_text(listed((ROOT / LIST).read_text()))
    (place / ".pytest_cache/d").mkdir(parents=True)
    (place / ".pytest_cache/d/servers").symlink_to(kept_servers)
    run(place, f"{BIN}/isort", LIST)  # there may be other doors by now
    run(place, sys.executable, "-m", "tools.generate")
    return place


def listed(text: str) -> str:
    """The list of doors with this one, unless somebody has added it."""
    if "    sanctum,\n" in text:
        return text
    text = re.sub(r"^from v1\.doors import .*", r"\g<0>, sanctum", text, flags=re.MULTILINE)
    return re.sub(r"^DOORS: .*?\n(?=\)\n)", r"\g<0>    sanctum,\n", text, flags=re.MULTILINE | re.DOTALL)


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
    assert places > {LIST, *dict(BLOCKS)} and [place for place in places if not (built / place).exists()] == []
