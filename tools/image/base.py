"""Makes the base image on this machine: Debian 12 by debootstrap, as small as Debian's own slim images."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools import debian_mirror
from tools.image.places import KEPT, ImageError, buildah, has
from tools.private_server import ServerError

LOCAL: Final = "localhost/debian:bookworm-slim"
RELEASE: Final = "bookworm"
_DEBIAN: Final = "http://deb.debian.org/debian"
_UNNEEDED: Final = ("usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "var/lib/apt/lists")
_SOURCES: Final = """\
deb {mirror} {release} main
deb {mirror} {release}-updates main
deb {security} {release}-security main
"""


def make() -> None:
    """Make LOCAL if it is not there yet: 50 MB of packages, about a minute."""
    if has(LOCAL):
        return
    sources = _sources()
    print(f"making the base image {LOCAL} by debootstrap (about a minute, once)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="base-") as folder:
        root = Path(folder) / "root"
        _debootstrap(root, sources.split()[1])
        for name in (*_UNNEEDED, "var/cache/apt"):
            for path in (root / name).iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        (root / "etc/apt/sources.list").write_text(sources)
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, str(root), "/")
        buildah("commit", "--quiet", "--rm", container, LOCAL)


def _debootstrap(root: Path, mirror: str) -> None:
    log = KEPT / "debootstrap.log"
    with log.open("wb") as output:
        command = ["debootstrap", "--variant=minbase", RELEASE, str(root), mirror]
        done = subprocess.run(command, stdout=output, stderr=output)
    if done.returncode:
        *_, last = log.read_text().splitlines() or ["no word"]
        raise ImageError(f"debootstrap failed: {last}; see {log}, or name an image: make image BASE=...")


def _sources() -> str:
    """The package sources of the base: this machine's mirror if it is a Debian system."""
    try:
        mirror = debian_mirror.mirror(debian_mirror.SOURCES)
    except ServerError:
        mirror = _DEBIAN
    if "@" in mirror:
        raise ImageError("apt's mirror here has a password, which must not be in an image: use make image BASE=...")
    security = debian_mirror.security(debian_mirror.SOURCES) or f"{_DEBIAN}-security"
    return _SOURCES.format(mirror=mirror, security=security, release=RELEASE)
