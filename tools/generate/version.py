"""The version of setup.cfg, in every file that repeats it."""

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

COPIES: Final = {
    "Containerfile": r'(?<=org\.opencontainers\.image\.version=")[^"]+',
    "compose.yaml": r"(?<=/gatepass:)\S+",
    "docs/container.md": r"(?<=gatepass:)\d[\w.]*",
    "config/kubernetes/gatepass.yaml": r"(?<=/gatepass:)\S+",
    "config/kubernetes/migrate.yaml": r"(?<=/gatepass:)\S+",
    "config/kubernetes/purge.yaml": r"(?<=/gatepass:)\S+",
}
"""Files that repeat the version, with what finds it there. docs/openapi.json has it too: see openapi.py."""


def version() -> str:
    """The version of the project."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config["metadata"]["version"]


def texts() -> dict[str, str]:
    """The files that repeat the version, each with the text that it should have."""
    return {name: written(name, (ROOT / name).read_text()) for name in COPIES}


def written(name: str, text: str, number: str = "") -> str:
    """The text of this file with the version in it. Raises ValueError if it has no place for one."""
    replaced, places = re.subn(COPIES[name], number or version(), text)
    if not places:
        raise ValueError(f"{name} repeats no version: see COPIES in tools/generate/version.py")
    return replaced
