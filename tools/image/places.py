"""Where images are kept, and the namespaces in which they are built and run.

A namespace of mounts and one of processes: when the first process in them is killed, the kernel ends the others and
takes the mounts away. So a killed build leaves neither behind.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = ROOT / "var" / "image"
INSIDE: Final = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
"""In front of a command that mounts."""

STORE: Final = ["--root", str(KEPT / "storage"), "--runroot", str(KEPT / "run"), "--storage-driver", "overlay"]


class ImageError(Exception):
    """Why an image cannot be built or run, and what to do. The text is for people."""


def buildah(*words: str, show: bool = False) -> str:
    """Run buildah on the images kept here; its output. With `show` people see it instead."""
    done = subprocess.run(["buildah", *STORE, *words], stdout=None if show else subprocess.PIPE, text=True)
    if done.returncode:
        raise ImageError(f"buildah {words[0]} failed with exit code {done.returncode}; its reason is above")
    return (done.stdout or "").strip()


def has(image: str) -> bool:
    """Is there an image of this name here?"""
    return image in buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines()


def refuse_without_root() -> None:
    """Raise ImageError if this user may not mount."""
    if os.geteuid() != 0:
        raise ImageError("debootstrap and buildah need root here: run `sudo make image`")
