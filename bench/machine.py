"""The description of the machine: what a reader must know before comparing figures."""

import datetime
import os
import platform
import re
import shutil
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

from bench.processes import ROOT
from bench.report import Table

MISSING = "not installed"


def describe(directory: Path) -> Table:
    """CPU, kernel, versions, date; `directory` is where the database's files are."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("gunicorn", "Flask", "Werkzeug", "PyMySQL", "bcrypt"))
    rows = [
        ("date", datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("commit", _first("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*")),
        ("CPU", f"{_cpu()}, {len(os.sched_getaffinity(0))} cores"),
        ("load before the run", " ".join(f"{load:.2f}" for load in os.getloadavg())),
        ("kernel", _matched(f"{platform.system()} {platform.release()}", r"(\w+ \d+\.\d+)")),
        ("autogroup", "on" if _autogroup() else "off"),
        ("disk", _first("findmnt", "--noheadings", "--output", "FSTYPE,SOURCE", "--target", str(directory))),
        ("Python", platform.python_version()),
        ("packages", packages),
        ("MariaDB", _matched(_first("mariadbd", "--version"), r"Ver (\S+)")),
        ("PHP", _matched(_first("php", "--version"), r"PHP (\S+)")),
        ("Apache", _matched(_first("apache2", "-v"), r"Apache/(\S+)")),
        ("nginx", _matched(_first("nginx", "-v"), r"nginx/(\S+)")),
        ("Node", _first("node", "--version")),
        ("wrk", _matched(_first("wrk", "--version"), r"wrk (\S+)")),
        ("libxcrypt", _first("dpkg-query", "--show", "--showformat=${Version}", "libcrypt1")),
    ]
    return Table("Machine", ("what", "value"), rows, words=True)


def busy_share(seconds: float = 1.0) -> float:
    """How busy all cores are now, 0 to 1: before a measurement that is what others do beside it."""
    (idle, whole), started = _jiffies(), time.monotonic()
    time.sleep(seconds - (time.monotonic() - started))
    idle_later, whole_later = _jiffies()
    return 1 - (idle_later - idle) / max(whole_later - whole, 1)


def busy_seconds() -> float:
    """Seconds of processor time that all programs have used since boot."""
    idle, whole = _jiffies()
    return (whole - idle) / os.sysconf("SC_CLK_TCK")


def _jiffies() -> tuple[int, int]:
    """Idle ticks (and waiting for a disk), and all ticks, since boot."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return fields[3] + fields[4], sum(fields)


def _cpu() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _autogroup() -> bool:
    """Whether the kernel shares the cores out among sessions (sched(7)): a nice value then counts in its own only."""
    state = Path("/proc/sys/kernel/sched_autogroup_enabled")
    return state.exists() and state.read_text().strip() != "0"


def _first(*command: str) -> str:
    """The first line that a command prints."""
    if not shutil.which(command[0]):
        return MISSING
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    lines = (done.stdout or done.stderr).splitlines()  # nginx says it on standard error
    return " ".join(lines[0].split()) if lines else MISSING


def _matched(line: str, pattern: str) -> str:
    found = re.search(pattern, line)
    return found[1] if found else line
