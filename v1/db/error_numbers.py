"""The error numbers of MySQL, MariaDB and PyMySQL that Gatepass knows."""

from typing import Final

DUPLICATE_ENTRY: Final = 1062

LOST: Final = (0, 2006, 2013, 2055, 1927, 3169, 4031)
"""The error numbers of a lost connection. 0 is PyMySQL's own "already closed". The last three are what MariaDB and
MySQL say on a connection that they have ended: it was killed, or was idle for wait_timeout."""

CONFLICT: Final = (1213, 1467, 3101)
"""The error numbers of a statement that was rolled back because of another one: in a deadlock (1467: one about the next
id of a table), or when a cluster found at the commit that another node had changed the row."""

READ_ONLY: Final = (1290, 1836)
"""The error numbers of a write that a read-only server refuses."""

NOTHING_DONE: Final = (*CONFLICT, *READ_ONLY, 1047)
"""The error numbers after which a write may be repeated. 1047: the node is outside its cluster. After any other error,
such as 1053 or 3100, the write may have been done."""

LEAVE: Final = (*READ_ONLY, 1047, 1053, 3100, 3796, 3797, 3798, 3799)
"""The error numbers of a host that must not be used: it is read-only, outside its cluster, or about to end."""

HANDSHAKE: Final = 2012
"""The error number for a server greeting that the driver cannot read."""

NO_TLS: Final = 2026
"""The error number for a TLS connection that cannot be made."""

CANNOT_LOAD: Final = 2059
"""The error number for an authentication plugin that needs a Python package which is not installed."""

LACKS_RIGHT: Final = (1142, 1143)
"""The error numbers of a missing right. Other statements may still succeed."""
