"""Finds this system's Debian mirror and Debian's signing keys, for packages that are fetched beside the system."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.private_server import ServerError

SOURCES: Final = Path("/etc/apt")
KEYRINGS: Final = Path("/usr/share/keyrings")

_ONE_LINE: Final = re.compile(r"^deb\s+(?:\[.*?\]\s+)?(\S+)\s+(\S+)\s+(.*)$", re.MULTILINE)
_FIELD: Final = re.compile(r"^(Types|URIs|Suites|Components|Enabled):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_DEBIAN: Final = re.compile(r"/debian(\.list)?/?$")


def mirror(sources: Path) -> str:
    """The first URI from which apt takes Debian's main packages. Raises ServerError if there is none."""
    for uri, suite, components in _entries(sources):
        if "main" in components and _DEBIAN.search(uri) and "security" not in uri + suite:
            return uri
    raise ServerError(f"MySQL cannot be fetched: no Debian mirror in {sources}; use a Debian system, or MariaDB")


def security(sources: Path) -> str | None:
    """The first URI of Debian's security updates. None where there is none, or only one with a password."""
    uris = [uri for uri, suite, _ in _entries(sources) if "debian-security" in uri and "security" in suite]
    return next((uri for uri in uris if "@" not in uri), None)


def keyring(keyrings: Path = KEYRINGS) -> Path:
    """The keys with which Debian signs its releases. Raises ServerError if they are not installed."""
    for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp"):
        if (keyrings / name).exists():
            return keyrings / name
    raise ServerError("MySQL cannot be fetched: apt-get install debian-archive-keyring")


def _entries(sources: Path) -> Iterator[tuple[str, str, list[str]]]:
    """URI, suites and components of each source, of both of apt's formats."""
    parts = sources / "sources.list.d"
    for path in [sources / "sources.list", *sorted(parts.glob("*.list"))]:
        if path.exists():
            for uri, suite, components in _ONE_LINE.findall(path.read_text()):
                yield uri, suite, components.split()
    for path in sorted(parts.glob("*.sources")):
        text = re.sub(r"^#.*\n?", "", path.read_text(), flags=re.MULTILINE)
        for stanza in re.split(r"\n\s*\n", text):
            found = dict(_FIELD.findall(stanza))
            if "deb" in found.get("Types", "").split() and found.get("Enabled", "yes") != "no":
                for uri in found.get("URIs", "").split():
                    yield uri, found.get("Suites", ""), found.get("Components", "").split()
