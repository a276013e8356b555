"""The scripts of Galera's state transfer, taken from Debian's package mariadb-server without installing it.

The package would start a server of its own. Only its `wsrep_sst_*` scripts are needed beside mariadb-server-core.
"""

import fcntl
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tools.cluster.processes import ClusterError

METHOD: Final = "gatepass_rsync"
"""`wsrep_sst_rsync` for every account. It expects to run as `mysql`: run by root, its receiving rsync would write as
`nobody`. It has a name of its own because the server looks for scripts in /usr/bin first."""


def folder(var: Path) -> Path:
    """The folder of the scripts, for PATH. They are fetched once and kept below `var`."""
    unpacked = var / "sst-scripts"
    var.mkdir(exist_ok=True)
    with unpacked.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be about to fetch them, too
        if not unpacked.exists():
            _fetch(unpacked)
    return unpacked / "usr/bin"


def _fetch(unpacked: Path) -> None:
    """Download the package and unpack its scripts. They appear under their name only when they are whole."""
    with tempfile.TemporaryDirectory(prefix="gatepass-") as place:
        # As root, apt downloads by an account of its own, and warns if that may not write here.
        command = ["apt-get", "--quiet=2", "-o", "APT::Sandbox::User=root", "download", "mariadb-server"]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True)
        packages = list(Path(place).glob("mariadb-server_*.deb"))
        if done.returncode or not packages:
            raise ClusterError(f"cannot download Debian's package mariadb-server:\n{done.stderr}")
        new = unpacked.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        _unpack(packages[0], new)
        text = (new / "usr/bin/wsrep_sst_rsync").read_text()
        script = new / "usr/bin" / f"wsrep_sst_{METHOD}"
        script.write_text(text.replace("\nuse chroot = no\n", "\nuse chroot = no\nuid = $(id -u)\ngid = $(id -g)\n"))
        script.chmod(0o755)
        new.rename(unpacked)


def _unpack(package: Path, new: Path) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as archive:
        tar = ["tar", "--extract", f"--directory={new}", "--wildcards", "./usr/bin/wsrep_sst_*"]
        subprocess.run(tar, stdin=archive.stdout, check=True)
