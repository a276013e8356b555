"""Where the nodes are: all on loopback addresses, or each database node in a network namespace of its own.

On loopback everybody can run the cluster. In namespaces (root, and Debian's iproute2) a database node can be cut off.
The namespaces have no name and no way out: they, their links and their bridges vanish with the processes in them.
"""

import ctypes
import os
import secrets
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tools.private_server import ServerError

CLONE_NEWNET: Final = 0x40000000


@dataclass(frozen=True)
class Place:
    """The addresses of one database node: `clients` for Gatepass, `peers` for the other database nodes."""

    number: int
    clients: str
    peers: str
    namespace: int = 0
    """A descriptor of its network namespace; 0 is that of this process."""

    def entering(self) -> Callable[[], None]:
        """A `preexec_fn` that takes a child into the namespace of this place."""
        libc = ctypes.CDLL(None, use_errno=True)

        def enter() -> None:
            if self.namespace and libc.setns(self.namespace, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

        return enter

    @property
    def can_be_cut(self) -> bool:
        return self.namespace != 0

    def link(self, whole: bool, up: bool) -> None:
        """Connect the node, or cut it off: from the other database nodes, or with `whole` from everybody."""
        assert self.can_be_cut, "on loopback nothing can be cut off"
        for link in (f"peers{self.number}", f"clients{self.number}")[: 2 if whole else 1]:
            _ip("link", "set", link, "up" if up else "down")


def loopback(nodes: int) -> list[Place]:
    """Addresses of 127.0.0.0/8 that nothing else uses: a random network for each cluster."""
    network = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250) + 1}"
    return [Place(number, f"{network}.{number}", f"{network}.{number}") for number in range(1, nodes + 1)]


HERE: Final = Place(0, "127.0.0.1", "127.0.0.1")
"""Where Gatepass and HAProxy run."""


def namespaces(nodes: int) -> list[Place]:
    """Leave the network of the machine for an empty one, and make a place for each node, joined to it by two bridges.

    The calling thread must be the only one: a namespace belongs to a thread.
    """
    _unshare()
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    _ip("link", "set", "lo", "up")
    for bridge in ("clients", "peers"):
        _ip("link", "add", bridge, "type", "bridge")
        _ip("link", "set", bridge, "up")
    _ip("address", "add", "10.77.1.254/24", "dev", "clients")
    return [_place(number, outside) for number in range(1, nodes + 1)]


def _place(number: int, outside: int) -> Place:
    place = Place(number, f"10.77.1.{number}", f"10.77.2.{number}", _new_namespace(outside))
    for bridge, address in (("clients", place.clients), ("peers", place.peers)):
        _ip("link", "add", f"{bridge}{number}", "type", "veth", "peer", "name", f"{bridge}0")
        _ip("link", "set", f"{bridge}{number}", "master", bridge, "up")
        _ip("link", "set", f"{bridge}0", "netns", f"/proc/{os.getpid()}/fd/{place.namespace}")
        _ip("address", "add", f"{address}/24", "dev", f"{bridge}0", place=place)
        _ip("link", "set", f"{bridge}0", "up", place=place)
    _ip("link", "set", "lo", "up", place=place)
    return place


def _new_namespace(outside: int) -> int:
    """A descriptor of a new namespace. It lives as long as the descriptor and the processes in it."""
    _unshare()
    inside = os.open("/proc/self/ns/net", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(outside, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    return inside


def _unshare() -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise ServerError(f"network namespaces need root ({os.strerror(ctypes.get_errno())}); --loopback does without")


def _ip(*arguments: str, place: Place = HERE) -> None:
    subprocess.run(["ip", *arguments], check=True, preexec_fn=place.entering())
