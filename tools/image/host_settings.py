"""What this machine's apt and pip need to reach their packages, as files that a build mounts and no layer holds."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CERTIFICATES: Final = "/etc/ssl/host.pem"
"""Where the Containerfile mounts this machine's certificates."""

_ANYWHERE: Final = ("index-url", "proxy", "trusted-host", "timeout", "retries")
_LINE: Final = re.compile(r"^(?:global|install|:env:)\.([a-z-]+)='(.*)'$", re.MULTILINE)


def write(folder: Path, environ: Mapping[str, str]) -> dict[str, Path]:
    """The secrets of the build, by id: `apt`, `pip` and, if this machine names its own, `certificates`."""
    listed = [sys.executable, "-m", "pip", "config", "list"]
    found = dict(_LINE.findall(subprocess.run(listed, capture_output=True, text=True, check=True).stdout))
    trusted = Path(found.get("cert") or environ.get("SSL_CERT_FILE") or "/nowhere")
    secrets = {"apt": folder / "apt.conf", "pip": folder / "pip.conf"}
    for path in secrets.values():
        path.touch(mode=0o600)  # a URL of an index may hold a password
    secrets["apt"].write_text(_apt())
    secrets["pip"].write_text(pip_settings(found, trusted.is_file()))
    return secrets | ({"certificates": trusted} if trusted.is_file() else {})


def pip_settings(found: Mapping[str, str], has_certificates: bool) -> str:
    """A pip.conf with those of pip's settings that hold on another machine too: no files of this one."""
    kept = {name: found[name] for name in _ANYWHERE if name in found}
    further = [url for url in found.get("extra-index-url", "").split() if re.match("https?://", url)]
    kept |= {"extra-index-url": " ".join(further)} if further else {}
    kept |= {"cert": CERTIFICATES} if has_certificates else {}
    return "".join(["[global]\n", *(f"{name} = {value}\n" for name, value in kept.items())])


def _apt() -> str:
    """How apt fetches here: proxies, limits of time, what it checks."""
    done = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True)
    return done.stdout
