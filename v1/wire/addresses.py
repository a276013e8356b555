"""Reads IP addresses: the peer of a socket, and the entries that proxies write into X-Forwarded-For."""

import ipaddress
import re
from collections.abc import Collection
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SCOPE_ID: Final = re.compile(r"[\w.~-]+", re.ASCII)
"""The name of an interface (RFC 6874 2)."""

_WITH_PORT: Final = re.compile(r"\[([^\[\]]+)\](?::[0-9]{1,5})?|([^\[\]]*\.[0-9]+):[0-9]{1,5}")
"""`[address]`, `[address]:port`, or an IPv4 address with a port."""


def read(text: str) -> Address | None:
    """The address in this text, or None. IPv4-mapped IPv6 becomes IPv4, and a scope id is dropped."""
    plain, percent, scope_id = text.partition("%")
    if percent and not (":" in plain and _SCOPE_ID.fullmatch(scope_id)):
        return None
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


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
