"""Finds the client's address: the peer of the socket, or what trusted proxies say in X-Forwarded-For."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from v1.observe import logs
from v1.wire import addresses


def client_address(environ: Mapping[str, Any], trusted: tuple[addresses.Network, ...]) -> str:
    """The rightmost address of X-Forwarded-For that is not a trusted proxy. Without trusted proxies, the peer.

    An entry that is not an address ends the search: everything to its left may be the client's invention. The log says
    so once. A Unix socket's peer has no address (""), and is trusted if any proxy is. IPv4-mapped IPv6 is IPv4.
    """
    client = addresses.read(environ.get("REMOTE_ADDR", ""))
    if not trusted or (client is not None and not addresses.within(client, trusted)):
        return str(client or "")
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    for entry in reversed(forwarded.split(",")):
        address = addresses.read_forwarded(entry)
        if address is None:
            if forwarded:
                log_unreadable_address()
            break
        client = address
        if not addresses.within(address, trusted):
            break
    return str(client or "")


@cache
def log_unreadable_address() -> None:
    """Once per process, without the text: all clients of such a proxy have the proxy's address."""
    logs.event("proxy.unreadable_address")
