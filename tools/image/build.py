"""Builds the image from the Containerfile and tells its size and digest."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools.generate.version import version
from tools.image import base, host_settings
from tools.image.places import KEPT, ROOT, buildah

IMAGE: Final = "localhost/gatepass"


def build(named_base: str = "") -> str:
    """Build the image of this checkout on the local base, or on an image of a registry. Its name."""
    buildah("rm", "--all")  # what a killed build has left
    if not named_base:
        base.make()
    name = f"{IMAGE}:{version()}"
    with tempfile.TemporaryDirectory(prefix="gatepass-image-") as folder:
        secrets = host_settings.write(Path(folder), os.environ)
        given = [f"--secret=id={id_},src={path}" for id_, path in secrets.items()]
        options = ["--isolation=chroot", "--format=docker", "--layers", f"--build-arg=BASE={named_base or base.LOCAL}"]
        print(f"building {name}", file=sys.stderr, flush=True)
        with (KEPT / "build.log").open("w") as log:
            print(buildah("bud", *options, *given, *_revision(), f"--tag={name}", str(ROOT)), file=log)
    return name


def about(name: str) -> str:
    """The size and the digest of an image, for people."""
    form = "{{.Size}}  {{.Digest}}"
    return f"{name}  {buildah('images', '--format', form, name)}"


def _revision() -> list[str]:
    """A label with the commit, if this is a clone with nothing changed."""
    git = ["git", "-C", str(ROOT)]
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True)
    clean = changed.returncode == head.returncode == 0 and not changed.stdout
    return [f"--label=org.opencontainers.image.revision={head.stdout.strip()}"] if clean else []
