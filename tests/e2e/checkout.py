"""A checkout of its own for `make run`: the files of this one, a virtual environment beside them, and no var/.

The environment borrows the installed packages of the one that runs the tests, but for Gatepass itself.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import flask

from tests import processes
from tests.conftest import ROOT
from tests.database_servers import IS_MYSQL
from tests.e2e.faults import until
from tests.environments import BIN
from tools import fetch_mysql

COMMANDS = ("flask", "gatepass", "gunicorn")


def copy(place: Path, interpreter: str = "") -> Path:
    """Copy what git knows or would add, and make .venv/ from this interpreter or another of the same version."""
    copy_files(place)
    make_environment(place / ".venv", f"{place}\n", interpreter)
    return place


def lend_mysql(place: Path) -> None:
    """Let the copy use the MySQL that was fetched into this checkout, if the suite runs on it."""
    if IS_MYSQL:
        (place / "var").mkdir()
        (place / "var/mysql-server").symlink_to(fetch_mysql.KEPT)


def copy_files(place: Path) -> None:
    """Copy what git knows or would add."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_symlink() or (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name, follow_symlinks=False)


def make_environment(place: Path, first: str = "", interpreter: str = "") -> None:
    """Make a virtual environment without Gatepass that borrows all other packages. `first` are lines of paths that its
    Python looks through before."""
    base = interpreter or str(Path(sys.executable).resolve())
    subprocess.run([base, "-m", "venv", "--without-pip", str(place)], check=True)
    (packages,) = (place / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(f"{first}{Path(flask.__file__).parent.parent}\n")
    for command in COMMANDS:
        lines = (BIN / command).read_text().splitlines()
        script = place / "bin" / command
        # As pip writes it where the path is long or has a space: a line for the shell that Python takes for a string.
        head = ["#!/bin/sh", f"'''exec' \"{place}/bin/python\" \"$0\" \"$@\"", "' '''"]
        script.write_text("\n".join(head + lines[1:]) + "\n")
        script.chmod(0o755)


@dataclass
class Run:
    """A running `make run`: its process and the files its output goes to."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def said(self) -> str:
        return self.out.read_text()

    def wait_for_welcome(self) -> "Run":
        until(lambda: "Ctrl-C stops it." in self.said or self.process.poll() is not None, "it says that it runs")
        assert self.process.poll() is None, self.err.read_text()
        return self

    def post(self, **fields: str) -> Any:
        """The answer to these fields at the address that it printed."""
        (url,) = re.findall(r"Gatepass \(\w+\) is at (\S+)", self.said)
        with urlopen(url, urlencode(fields).encode(), timeout=60) as response:
            return json.load(response)

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=120)


def start(place: Path, environ: dict[str, str], code: str = "", **identity: Any) -> Run:
    """What `make run` runs, in this checkout with this environment alone, in a process group of its own as a shell
    gives it. `code` is run instead, and `identity` is another user, as subprocess takes it."""
    out, err = place / "out.txt", place / "err.txt"
    command = [str(place / ".venv/bin/python"), *(["-c", code] if code else ["-m", "tools.run"])]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = processes.start(
            command, environ, cwd=place, stdout=stdout, stderr=stderr, start_new_session=True, **identity
        )
    return Run(process, out, err)


def family(pid: int) -> set[int]:
    """The descendants of a process, itself not among them."""
    try:
        own = {int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in children(task)}
    except FileNotFoundError:
        return set()
    return own.union(*map(family, own))


def children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pid: int) -> bool:
    """Is there such a process, and has it not ended already with nobody to hear of it?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
