"""Who attacks: the networks whose logins failed in the last hour, the accounts that they tried, and who got in."""

import ipaddress
import socket
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from v1.auth.activity import FAILURES
from v1.auth.core import Core
from v1.db.tables.failures import MOST, Seen

SECONDS: Final = 3600
MINUTES: Final = 60

NETWORKS: Final = 10
"""How many networks are listed."""

ACCOUNTS: Final = 5
"""How many accounts are listed of each."""

MANY: Final = 10
"""From this many failures on, a login from the same network counts as a break-in. Fewer may be the mistakes of people,
such as those of an office with one address."""

User = tuple[int, str, int]
"""The id, the username, and how often the account was tried; or when its user logged in, in Unix seconds."""


@dataclass(frozen=True)
class Failing:
    """A network whose logins failed. `tried` are the accounts that it tried most, `entered` the users who logged in."""

    address: str
    """Its address; of IPv6 the first one, as in `login_throttle`."""
    failures: int
    first: int
    last: int
    minutes: tuple[int, ...]
    """The failures of each minute, the last one at the end."""
    tried: tuple[User, ...]
    more: int
    """How many more accounts were tried."""
    unknown: int
    """Failures with names that nobody has."""
    entered: tuple[User, ...]

    @property
    def is_ipv6(self) -> bool:
        """Whether it is a /64 network of IPv6."""
        return ":" in self.address

    @property
    def is_break_in(self) -> bool:
        """Did somebody get in after more failures than a person makes by mistake?"""
        return bool(self.entered) and self.failures >= MANY


@dataclass(frozen=True)
class Attack:
    """The failed logins of the last hour. If there were too many rows to read (`bounded`), of the latest of them."""

    networks: tuple[Failing, ...]
    more: int
    """How many more networks failed."""
    unlisted: int
    """Failures that were counted without their address."""
    slowed: int
    """Logins that had to wait for their turn, while all addresses together failed too often."""
    bounded: bool


@dataclass
class _Network:
    failures: int = 0
    minutes: list[int] = field(default_factory=lambda: [0] * MINUTES)
    times: list[int] = field(default_factory=list)
    users: Counter[int] = field(default_factory=Counter)
    addresses: set[str] = field(default_factory=set)
    entered: dict[int, int] = field(default_factory=dict)


def of_last_hour(core: Core, now: int) -> Attack:
    """The failed logins of the last hour. `now` is in Unix seconds."""
    since, table = now - SECONDS, core.tables.failures
    latest = [table.latest(event, since) for event in FAILURES]
    failed = [each for found in latest for each in found]
    networks = _by_network(failed, now)
    unlisted = networks.pop(b"", _Network()).failures
    most = sorted(networks, key=lambda network: (-networks[network].failures, network))[:NETWORKS]
    listed = {network: networks[network] for network in most}
    _find_logins(core, listed, since)
    users = {user for network in listed.values() for user in [*_most_tried(network), *network.entered] if user}
    names = table.usernames(users)
    return Attack(
        tuple(_failing(network, found, names) for network, found in listed.items()),
        len(networks) - len(listed),
        unlisted,
        sum(each.times for each in failed if each.is_turn),
        any(len(found) >= MOST for found in latest),
    )


def _by_network(failed: Iterable[Seen], now: int) -> dict[bytes, _Network]:
    """The failures of each network; of those without an address at b""."""
    keys: dict[str, bytes] = {}
    networks: dict[bytes, _Network] = {}
    for each in failed:
        key = keys.get(each.address)
        if key is None:
            key = keys[each.address] = _network(each.address)
        network = networks.setdefault(key, _Network())
        network.failures += each.times
        network.minutes[MINUTES - 1 - min(max((now - each.time) // 60, 0), MINUTES - 1)] += each.times
        network.times.append(each.time)
        network.users[each.user_id] += each.times
        network.addresses.add(each.address)
    return networks


def _find_logins(core: Core, listed: dict[bytes, _Network], since: int) -> None:
    """Note who logged in from these networks. Each address of a network of IPv6 may have been used, so that the latest
    logins of all are looked through."""
    table = core.tables.failures
    logins = table.logins([_address(network) for network in listed if len(network) == 4], since)
    if any(len(network) == 8 for network in listed):
        logins += table.latest("login.ok", since)
    for each in logins:
        if network := listed.get(_network(each.address)):
            network.entered[each.user_id] = max(each.time, network.entered.get(each.user_id, 0))


def _most_tried(network: _Network) -> list[int]:
    known = [user for user in network.users if user]
    return sorted(known, key=lambda user: (-network.users[user], user))[:ACCOUNTS]


def _failing(network: bytes, found: _Network, names: dict[int, str]) -> Failing:
    tried = tuple((user, names.get(user, ""), found.users[user]) for user in _most_tried(found))
    last_first = sorted(found.entered.items(), key=lambda each: -each[1])[:ACCOUNTS]
    return Failing(
        _address(network),
        found.failures,
        min(found.times),
        max(found.times),
        tuple(found.minutes),
        tried,
        len(found.users) - (0 in found.users) - len(tried),
        found.users.get(0, 0),
        tuple((user, names.get(user, ""), when) for user, when in last_first),
    )


def _network(address: str) -> bytes:
    """The network of an address, as the throttle counts: an IPv4 address, or an IPv6 /64. b"" for no address."""
    try:
        return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)[:8]
    except (OSError, ValueError):
        return b""


def _address(network: bytes) -> str:
    """The address of a network; of IPv6 the first one."""
    return str(ipaddress.ip_address(network if len(network) == 4 else network.ljust(16, b"\0")))
