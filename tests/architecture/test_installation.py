"""What is installed: every package of the tree, and a lock file with all that setup.cfg asks for."""

import re
import subprocess
from configparser import ConfigParser
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

BESIDE = ("config", "docs", "sql")
"""Folders beside v1/ that travel inside it."""

LOCKED = (ROOT / "config/requirements.txt").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", LOCKED, re.MULTILINE))


def options(name: str) -> list[str]:
    """The lines of an option of setup.cfg."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config["options"][name].split("\n")[1:]


def test_what_lies_beside_the_package_is_linked_into_it() -> None:
    links = {path.name: path.readlink() for path in (ROOT / "v1").iterdir() if path.is_symlink()}
    assert links == {name: Path("..") / name for name in BESIDE}


def entries() -> dict[str, str]:
    """The lock file's text about each package, by name."""
    _, *parts = re.split(r"^(\S+)==", LOCKED, flags=re.MULTILINE)
    return dict(zip(parts[0::2], parts[1::2], strict=True))


def test_the_lock_file_has_what_setup_asks_for_with_hashes() -> None:
    direct = {name for name, text in entries().items() if "gatepass (setup.cfg)" in text}
    assert direct == {canonicalize_name(Requirement(each).name) for each in options("install_requires")}
    assert set(PINS) == set(entries())


def test_the_lock_file_has_what_its_packages_need() -> None:
    """Asked of those that are installed here in the version of the lock file."""
    same = [each for each in distributions() if PINS.get(canonicalize_name(each.name)) == each.version]
    needed = [Requirement(text) for each in same for text in each.requires or []]
    always = {canonicalize_name(each.name) for each in needed if not each.marker or each.marker.evaluate({"extra": ""})}
    assert always <= set(PINS) and "jinja2" in PINS


def test_the_lock_file_has_versions_that_setup_allows() -> None:
    wanted = {canonicalize_name(each.name): each.specifier for each in map(Requirement, options("install_requires"))}
    assert len(wanted) > 8
    assert {name: PINS[name] for name in wanted if PINS[name] not in wanted[name]} == {}


def test_what_is_installed_does_not_bring_cryptography() -> None:
    """PyMySQL imports it where it is there: 6 MiB of each worker. See docs/decisions/0041-pyjwt.md."""
    assert "cryptography" not in PINS and "pyjwt" in PINS
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    assert Requirement(config["options.extras_require"]["mysql"].strip()).name == "cryptography"


def test_the_lock_file_names_no_machine() -> None:
    lines = [line for line in LOCKED.splitlines() if not re.match(r" *#|    --hash=sha256:|[a-z0-9-]+==\S+ \\$", line)]
    assert lines == [] and "make lock" in LOCKED
    assert re.findall(r"://|index-url|find-links| /\w", LOCKED) == []


def test_make_run_installs_nothing_that_only_tests_need() -> None:
    command = ["make", "--dry-run", "--always-make", "run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert re.findall(r"pip install .*--editable (.*)", done.stdout) == ["."]
