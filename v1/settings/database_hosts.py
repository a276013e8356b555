"""The hosts of DATABASE_URL: `db1,db2:3307,[2001:db8::3]`, in order of preference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PORT: Final = 3306

_HOST: Final = re.compile(r"(?P<name>[\w.-]+|\[[0-9A-Fa-f:.]+(?:%\w+)?\])(?::(?P<port>\d{1,5}))?", re.ASCII)


@dataclass(frozen=True)
class Host:
    """A database server: a name or an address with a port, or else a Unix socket of this machine."""

    name: str
    port: int = PORT
    unix_socket: str | None = None

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return self.unix_socket or f"{name}:{self.port}"


def parse(text: str) -> tuple[Host, ...]:
    """Parse a list of hosts. Raises ValueError; its text counts the hosts and quotes none: a part of a password may be
    taken for one, if `/` or `@` in it is not encoded."""
    hosts = tuple(_each(text))
    for number, host in enumerate(hosts, 1):
        if host in hosts[: number - 1]:
            raise ValueError(f"names one host twice: host {number} is host {hosts.index(host) + 1}")
    return hosts


def _each(text: str) -> Iterator[Host]:
    for number, part in enumerate(text.split(","), 1):
        if not part:
            raise ValueError(f"has an empty host ({number} in the list): write db1,db2:3307,db3")
        found = _HOST.fullmatch(part)
        if not found:
            raise ValueError(f"has a host that cannot be read ({number} in the list): write name:3306 or [::1]:3306")
        port = int(found["port"] or PORT)
        if not 1 <= port <= 65535:
            raise ValueError(f"has a port out of range (host {number} in the list): 1 to 65535")
        yield Host(found["name"].strip("[]").lower(), port)
