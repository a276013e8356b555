"""Reads IP addresses: the peer of a socket, and the entries that proxies write into X-Forwarded-For."""

import ipaddress
import re
from collections.abc import Collection
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WITH_PORT: Final = re.compile(r"\[([^\[\]]+)\](?::[0-9]{1,5})?|([^\[\]]*\.[0-9]+):[0-9]{1,5}")
"""`[address]`, `[address]:port`, or an IPv4 address with a port."""


def read(text: str) -> Address | None:
    """The address in this text, or None. IPv4-mapped IPv6 becomes IPv4, and a scope id is dropped."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = ipaddress.IPv6Address(int(address))  # drops the scope id
        return address.ipv4_mapped or address
    return address


def read_forwarded(entry: str) -> Address | None:
    """The address in an entry of X-Forwarded-For, or None. It may have a port, brackets and quotes: Azure writes
    `203.0.113.7:54321`."""
    entry = entry.strip(" \t")
    if entry[:1] == '"' == entry[-1:]:
        entry = entry[1:-1]
    if (plain := read(entry)) is not None:
        return plain
    written = _WITH_PORT.fullmatch(entry)
    return read(written[1] or written[2]) if written else None


def within(address: Address, networks: Collection[Network]) -> bool:
    """Is the address in one of these networks?"""
    return any(address in network for network in networks)
