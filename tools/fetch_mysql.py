"""Fetches MySQL from Debian's unstable release, with every library that it needs, into `var/mysql-server/`.

Debian's stable release has no MySQL. apt downloads and verifies the packages as it does for the system, but with a
configuration, lists and an empty package status of its own, so nothing of the system changes and no root is needed.
The programs run beside the system's libraries: by their own dynamic linker. `make clean` removes the folder; until
then it is kept, whatever is newer.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools import debian_mirror
from tools.private_server import ServerError

KEPT: Final = Path(__file__).resolve().parent.parent / "var" / "mysql-server"
PACKAGES: Final = ("mysql-server-core", "mysql-client-core")

_SOURCES: Final = """\
Types: deb
URIs: {mirror}
Suites: unstable
Components: main
Signed-By: {keyring}
"""

# The system's own configuration is read first: its proxies and time limits hold.
_CONFIGURATION: Final = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Default-Release "";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Cache "{place}/cache";
Dir::Cache::archives "{place}/archives";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "{place}/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::State "{place}/state";
Dir::State::lists "{place}/lists";
Dir::State::status "{place}/state/status";
"""

_CLIENT: Final = """\
#!/bin/sh
# MySQL's command-line client, with its own libraries.
root=$(dirname "$(readlink -f "$0")")/root
libraries=$(dirname "$root"/usr/lib/*-linux-gnu*/ld-linux*.so.*)
exec "$libraries"/ld-linux*.so.* --library-path "$libraries" "$root/usr/bin/mysql" "$@"
"""


def command(program: str, kept: Path = KEPT) -> list[str]:
    """Runs a program of MySQL's packages, such as `usr/sbin/mysqld`, by its own dynamic linker. Raises ServerError."""
    place = root(kept)
    linkers = sorted(place.glob("usr/lib/*-linux-gnu*/ld-linux*.so.*"))
    if not linkers:
        raise ServerError(f"MySQL cannot be started: no dynamic linker in {place}; remove {kept} and try again")
    return [str(linkers[0]), "--library-path", str(linkers[0].parent), str(place / program)]


def root(kept: Path = KEPT, sources: Path = debian_mirror.SOURCES) -> Path:
    """The folder with MySQL's files as they lie in `/` elsewhere. Fetches them if they are not there yet.

    Raises ServerError, whose text says in one line why they cannot be fetched.
    """
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (kept / "root").exists():
            _fetch(kept, debian_mirror.mirror(sources), debian_mirror.keyring())
    return kept / "root"


def _fetch(kept: Path, mirror: str, keyring: Path) -> None:
    """Download and unpack. `root` appears when all of it is there."""
    for program in ("apt-get", "dpkg"):
        if not shutil.which(program):
            raise ServerError(f"MySQL cannot be fetched: there is no {program}; use a Debian system, or MariaDB")
    shutil.rmtree(kept, ignore_errors=True)  # left by a run that was interrupted
    for name in ("cache", "archives/partial", "lists/partial", "state", "unpacked"):
        (kept / name).mkdir(parents=True)
    (kept / "state" / "status").touch()
    (kept / "debian.sources").write_text(_SOURCES.format(mirror=mirror, keyring=keyring))
    (kept / "apt.conf").write_text(_CONFIGURATION.format(place=kept))
    _say(f"fetching MySQL from Debian's unstable release into {kept} (70 MB, once)")
    _apt(kept, "update")
    _apt(kept, "--download-only", "--yes", "install", *PACKAGES)
    packages = sorted((kept / "archives").glob("*.deb"))
    _say(f"unpacking {len(packages)} packages")
    for package in packages:
        _run(["dpkg", "-x", str(package), str(kept / "unpacked")])
    for name in ("cache", "archives", "lists", "state"):
        shutil.rmtree(kept / name)
    (kept / "mysql").write_text(_CLIENT)
    (kept / "mysql").chmod(0o755)
    (kept / "unpacked").rename(kept / "root")


def _apt(kept: Path, *words: str) -> None:
    # A list that could not be fetched is only a warning to apt, unless told otherwise.
    _run(["apt-get", "--quiet", f"--config-file={kept}/apt.conf", "-o", "APT::Update::Error-Mode=any", *words])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("E:")] or done.stderr.splitlines() or [""]
        raise ServerError(f"MySQL cannot be fetched: {command[0]}: {said[0].removeprefix('E: ')}; try again later")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
