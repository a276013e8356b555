"""Addresses: the client's is the one that a plain walk from the right over X-Forwarded-For finds."""

import ipaddress

from v1.auth import guard
from v1.wire import addresses

SEEDS = (
    *(b"203.0.113.7", b"10.0.0.1, 203.0.113.7:54321, 10.0.0.2", b'"[2001:db8::1]:443"', b"::ffff:1.2.3.4"),
    *(b"fe80::1%eth0", b"unknown, 10.0.0.1", b" ,10.0.0.3", b"[::1], 10.1.2.3", b"::ffff:363"),
)
WORDS = (b", ", b"10.0.0.1", b"::ffff:", b"[", b"]:80", b'"', b"%", b"\t", b"203.0.113.7", b":65536", b"127.0.0.1")
LONGEST = 1024
TRUSTED = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))


def check(data: bytes) -> None:
    text = data.decode("latin1")
    one = addresses.read(text)
    if one is not None:
        assert addresses.read(str(one)) == one == addresses.read_forwarded(text)
        assert "%" not in str(one) and getattr(one, "ipv4_mapped", None) is None
    for peer in ("10.0.0.9", "203.0.113.1", ""):
        environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": text}
        found = guard.client_address(environ, TRUSTED)
        assert found == walk(peer, text)
        assert guard.client_address(environ, ()) == peer, "without a trusted proxy the header says nothing"
        if peer == "203.0.113.1":
            assert found == peer, "a peer that is no proxy is the client"
    invented = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": text + ", 198.51.100.7"}
    assert guard.client_address(invented, TRUSTED) == "198.51.100.7", "what a client invents is not believed"


def walk(peer: str, text: str) -> str:
    """The client's address, in other words than the guard's."""
    hops = [peer, *text.split(",")[::-1]]
    client = ""
    for at, hop in enumerate(hops):
        address = addresses.read_forwarded(hop) if at else addresses.read(hop)
        if address is None and (at or hop):
            return client
        client = str(address) if address else ""
        if address and not any(address in network for network in TRUSTED):
            return client
    return client
