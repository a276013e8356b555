"""A small disk in memory (tmpfs) that can be filled, for root. It vanishes with this process: only its mount namespace
has it."""

import ctypes
import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.private_server import ServerError

CLONE_NEWNS: Final = 0x20000
PIECES: Final = (1 << 20, 1 << 12)
"""It is filled in pieces of these sizes, so that not a page is left."""


@dataclass(frozen=True)
class SmallDisk:
    """A disk that is mounted at `path`."""

    path: Path

    @property
    def ballast(self) -> Path:
        return self.path / "ballast"

    def fill(self) -> None:
        """Take all that is free; again, if something was freed since."""
        with self.ballast.open("ab", buffering=0) as file:
            for size in PIECES:
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        """Give back what `fill` has taken."""
        self.ballast.unlink(missing_ok=True)


def may_mount() -> bool:
    """Whether this process may mount a disk. Asks a child, so that nothing changes here."""
    done = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return os.geteuid() == 0 and done.returncode == 0


@contextmanager
def mounted(path: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """A small disk at this path while the block runs, seen by this process and its children alone."""
    path.mkdir(parents=True, exist_ok=True)
    _own_namespace()
    _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=700", "none", str(path))
    try:
        yield SmallDisk(path)
    finally:
        _run("umount", "--lazy", str(path))


def _own_namespace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise ServerError(f"no mount namespace of its own: {errno.errorcode[ctypes.get_errno()]}; run it as root")
    _run("mount", "--make-rprivate", "/")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerError(f"{' '.join(command)}: {done.stderr.strip()}")
