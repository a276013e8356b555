"""Owns how a text becomes an address: as a socket names its peer, and as proxies write one into X-Forwarded-For."""

import ipaddress
import re
from collections.abc import Collection
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WITH_PORT: Final = re.compile(r"\[([^\[\]]+)\](?::[0-9]{1,5})?|([^\[\]]*\.[0-9]+):[0-9]{1,5}")
"""An address in brackets, with a port or without; one that ends as IPv4 does, with a port."""


def read(text: str) -> Address | None:
    """The address, or None. IPv4-mapped IPv6 is IPv4, and a scope id is left out."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = ipaddress.IPv6Address(int(address))  # without a scope id
        return address.ipv4_mapped or address
    return address


def read_forwarded(entry: str) -> Address | None:
    """The address of an entry: `203.0.113.7:54321` (Azure), `[2001:db8::1]:443` and both in quotes, too."""
    entry = entry.strip(" \t")
    if entry[:1] == '"' == entry[-1:]:
        entry = entry[1:-1]
    if (plain := read(entry)) is not None:
        return plain
    written = _WITH_PORT.fullmatch(entry)
    return read(written[1] or written[2]) if written else None


def within(address: Address, networks: Collection[Network]) -> bool:
    """Is it in one of these networks?"""
    return any(address in network for network in networks)
