"""`python -m tools.release.wheel FOLDER`: builds the wheel of the last commit, the same bytes at any time and place.

Times, modes and the packages that build it would differ: so the files come from git with the time of the commit and
fixed modes, and config/build-requirements.txt names setuptools with its hash.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_PIP: Final = ("--quiet", "--disable-pip-version-check")


def build(commit: str, folder: Path, repository: Path = ROOT) -> Path:
    """Build the wheel of a commit with the setuptools of this Python into a folder. Where it is."""
    git = ["git", "-C", str(repository)]
    seconds = subprocess.check_output([*git, "log", "-1", "--format=%ct", commit], text=True).strip()
    before = set(folder.glob("*.whl"))
    with tempfile.TemporaryDirectory() as source:
        archive = subprocess.check_output([*git, "-c", "tar.umask=0022", "archive", commit])
        subprocess.run(["tar", "--extract", "--preserve-permissions", "--directory", source], input=archive, check=True)
        environ = os.environ | {"SOURCE_DATE_EPOCH": seconds, "PYTHONHASHSEED": "0"}
        options = [*_PIP, "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder)]
        command = [sys.executable, "-m", "pip", "wheel", *options, source]
        subprocess.run(command, env=environ, check=True, umask=0o022)
    (made,) = set(folder.glob("*.whl")) - before or set(folder.glob("*.whl"))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make wheel",
        description="Build the wheel of the last commit into var/release/. Equal commits give equal bytes.",
        epilog="Example:  make wheel    make wheel COMMIT=v1.0.0",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commit", default="HEAD")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    made = build(given.commit or "HEAD", given.folder)
    print(f"{hashlib.sha256(made.read_bytes()).hexdigest()}  {made}")


if __name__ == "__main__":
    main()
