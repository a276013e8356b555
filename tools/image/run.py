"""`python -m tools.image.run`: runs the image with crun as compose.yaml says, but on this machine's network.

`buildah run` leaves the root writable and the process among those of the machine. crun is an OCI runtime, as container
engines use: it makes the root read-only, takes every capability away and gives the service process id 1.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from tools.image.places import INSIDE, ROOT, buildah

_MARK: Final = "GATEPASS_IMAGE_RUNS"
_NAMESPACES: Final = ("pid", "mount", "ipc", "uts")
_CAPABILITIES: Final = ("bounding", "effective", "permitted", "inheritable", "ambient")
_OPTIONS: Final = ["nosuid", "nodev", "noexec"]


def crun(folder: Path) -> list[str]:
    """Runs crun, which keeps what it knows of the container in the container's folder."""
    return ["crun", "--root", str(folder / "state"), "--cgroup-manager=disabled"]


def service(name: str) -> dict[str, Any]:
    """What compose.yaml says of a service."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"][name]
    return found


def inspected(image: str) -> dict[str, Any]:
    """The image's configuration: Entrypoint, Cmd, Env, User, Healthcheck, Labels."""
    found: dict[str, Any] = json.loads(buildah("inspect", "--type", "image", image))["Docker"]["config"]
    return found


def configuration(root: str, image: dict[str, Any], said: dict[str, Any], words: list[str], given: list[str]) -> Any:
    """The container's configuration as the OCI runtime specification has it (config.json)."""
    user, group = image["User"].split(":")
    capabilities = [] if said["cap_drop"] == ["ALL"] else ["CAP_DAC_OVERRIDE"]
    return {
        "ociVersion": "1.0.2",
        "process": {
            "user": {"uid": int(user), "gid": int(group)},
            "args": words,
            "env": [*image["Env"], *given],
            "cwd": image["WorkingDir"],
            "noNewPrivileges": "no-new-privileges:true" in said["security_opt"],
            "capabilities": dict.fromkeys(_CAPABILITIES, capabilities),
        },
        "root": {"path": root, "readonly": said["read_only"]},
        "hostname": "gatepass",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "dev", "options": ["nosuid", "mode=755", "size=64k"]},
            *(_tmpfs(*each.split(":")) for each in said["tmpfs"]),
        ],
        "linux": {"namespaces": [{"type": each} for each in _NAMESPACES]},
    }


def _tmpfs(place: str, options: str) -> dict[str, Any]:
    return {"destination": place, "type": "tmpfs", "source": "tmpfs", "options": [*_OPTIONS, *options.split(",")]}


def run(image: str, said: dict[str, Any], folder: Path, words: list[str]) -> int:
    """Run the image's program with these words, and take its container away. The exit code."""
    subprocess.run(["mount", "-t", "cgroup2", "none", "/sys/fs/cgroup"], check=True)  # crun asks which version it is
    container = buildah("from", "--quiet", image)
    try:
        found, given = inspected(image), (folder / "environment").read_text().splitlines()
        words = words or found["Entrypoint"] + found["Cmd"]
        made = configuration(buildah("mount", container), found, said, words, given)
        (folder / "config.json").write_text(json.dumps(made))
        return subprocess.run([*crun(folder), "run", "--bundle", str(folder), folder.name]).returncode
    finally:
        buildah("rm", container)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tools.image.run",
        description="Run an image as compose.yaml says. FOLDER has the file `environment`, a line for each variable.",
        epilog="Example:  python -m tools.image.run localhost/gatepass:VERSION FOLDER -- gatepass db status",
    )
    parser.add_argument("image")
    parser.add_argument("folder", type=Path, help="of the container; its name is the container's")
    parser.add_argument("words", nargs="*", help="a program and its words; default: those of the image")
    given = parser.parse_args()
    if _MARK not in os.environ:
        os.environ[_MARK] = "1"
        os.execvp(INSIDE[0], [*INSIDE, sys.executable, "-m", "tools.image.run", *sys.argv[1:]])
    raise SystemExit(run(given.image, service("gatepass"), given.folder, given.words))


if __name__ == "__main__":
    main()
