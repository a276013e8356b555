"""`python -m tools.image`: builds the container image in namespaces of its own, and prints its size and digest."""

import argparse
import fcntl
import os
import sys

from tools.image.build import about, build
from tools.image.places import INSIDE, KEPT, ImageError, refuse_without_root

_MARK = "GATEPASS_IMAGE_INSIDE"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make image",
        description="Build the container image with buildah, without an engine. It is kept in var/image/.",
        epilog="Example:  make image    make image BASE=docker.io/library/debian:bookworm-slim",
    )
    parser.add_argument("--base", default="", help="an image of a registry; default: Debian 12 made by debootstrap")
    base = parser.parse_args().base
    refuse_without_root()
    if _MARK not in os.environ:
        os.environ[_MARK] = "1"
        os.execvp(INSIDE[0], [*INSIDE, sys.executable, "-m", "tools.image", "--base", base])
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        print(about(build(base)))


try:
    main()
except ImageError as error:
    raise SystemExit(f"make image: {error}") from None
