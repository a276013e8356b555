"""Looks the names of the database hosts up when the service starts: a typing mistake shows in the log at once."""

import logging
import socket
from collections.abc import Iterable

from v1.settings.database_hosts import Host

log = logging.getLogger(__name__)


def report_unresolved(hosts: Iterable[Host]) -> None:
    """Log a line for each host whose name has no address. The service goes on: a name server may be late."""
    for host in hosts:
        if not host.unix_socket and (reason := _unresolved(host)):
            about = {"event": "database.host", "host": str(host), "state": "down", "reason": reason}
            log.error("DATABASE_URL: the host %s has no address", host, extra=about)


def _unresolved(host: Host) -> str:
    try:
        socket.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error.strerror or type(error).__name__
    except UnicodeError:  # as for an empty label: "db..example"
        return "this is no host name"
    return ""
