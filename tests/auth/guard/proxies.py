"""The networks of trusted proxies in these tests."""

import ipaddress
from typing import Final

TRUSTED: Final = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "10.0.0.0/8", "::1/128", "2001:db8::/32")))
