"""Tests that the lock file has all that setup.cfg asks for, and what `make run` installs."""

import re
import subprocess
from configparser import ConfigParser

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKED = (ROOT / "config/requirements.txt").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", LOCKED, re.MULTILINE))


def options(name: str) -> list[str]:
    """The lines of an option of setup.cfg."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config["options"][name].split("\n")[1:]


def entries() -> dict[str, str]:
    """The lock file's text about each package, by name."""
    _, *parts = re.split(r"^(\S+)==", LOCKED, flags=re.MULTILINE)
    return dict(zip(parts[0::2], parts[1::2], strict=True))


def test_the_lock_file_has_what_setup_asks_for_with_hashes() -> None:
    direct = {name for name, text in entries().items() if "gatepass (setup.cfg)" in text}
    assert direct == {canonicalize_name(Requirement(each).name) for each in options("install_requires")}
    assert set(PINS) == set(entries())


def test_the_lock_file_has_versions_that_setup_allows() -> None:
    wanted = {canonicalize_name(each.name): each.specifier for each in map(Requirement, options("install_requires"))}
    assert len(wanted) > 8
    assert {name: PINS[name] for name in wanted if PINS[name] not in wanted[name]} == {}


def test_make_run_installs_nothing_that_only_tests_need() -> None:
    command = ["make", "--dry-run", "--always-make", "run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert re.findall(r"pip install .*--editable (.*)", done.stdout) == ["."]
