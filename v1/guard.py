"""Owns what came along with a request: for now the client's address, found behind the trusted proxies."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from v1.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(environ: Mapping[str, Any], trusted: tuple[Network, ...]) -> str:
    """The rightmost address of X-Forwarded-For that is no trusted proxy; without trusted proxies, the peer.

    `environ` is WSGI's. The peer of a Unix socket has no address (""); it is trusted if any proxy is. IPv4-mapped IPv6
    is IPv4. An entry that is no address ends the walk: what stands left of it proves nothing.
    """
    client = _address(environ.get("REMOTE_ADDR", ""))
    if not trusted or (client is not None and not _within(client, trusted)):
        return str(client or "")
    for entry in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = _address(entry.strip())
        if address is None:
            break
        client = address
        if not _within(address, trusted):
            break
    return str(client or "")


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = ipaddress.IPv6Address(int(address))  # without a scope id
        return address.ipv4_mapped or address
    return address


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
