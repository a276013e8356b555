"""Owns what came along with a request: for now the client's address, found behind the trusted proxies."""

import ipaddress

from v1.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(peer: str, forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """The rightmost address of X-Forwarded-For that is no trusted proxy; without trusted proxies, the peer.

    `peer` is the socket's other end, empty on a Unix socket (whose owner is then trusted if any proxy is).
    IPv4-mapped IPv6 is IPv4. An entry that is no address ends the walk: what stands left of it proves nothing.
    """
    client = _address(peer)
    if not trusted or (client is not None and not _within(client, trusted)):
        return str(client or "")
    for entry in reversed(forwarded_for.split(",")):
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
