"""Pardons an address: its failed logins are forgotten, so that it need not wait any more."""

from v1.auth import throttle
from v1.auth.core import Core
from v1.wire import addresses


def address_in(text: str) -> str | None:
    """The address that this text names, as the throttle counts it: of IPv6 the first of its /64. None for none."""
    address = addresses.read(text)
    return None if address is None else throttle.network(str(address))


def address(core: Core, address: str, by: str) -> None:
    """Delete the counters of this address, alone and with any account. Those of accounts and of everyone stay."""
    core.tables.login_throttle.clear_address(address)
    core.event("throttle.cleared", address=address, by=by)
