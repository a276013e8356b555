"""The audit trail: who runs a command, and the system log, to which the log lines of its acts go."""

import logging
import os
import pwd
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Final

from v1.observe import logs

LOGINUID: Final = Path("/proc/self/loginuid")
NO_LOGIN: Final = 2**32 - 1
"""The kernel's value for a process that no login started."""

SYSLOG: Final = Path("/dev/log")
AUTHPRIV_INFO: Final = SysLogHandler.LOG_AUTHPRIV << 3 | SysLogHandler.LOG_INFO


def who() -> str:
    """The account that logged in on this machine, also under sudo; else the one that runs this. A number if it has no
    name."""
    uid = os.getuid()
    with suppress(OSError, ValueError):
        login = int(LOGINUID.read_text())
        uid = uid if login == NO_LOGIN else login
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


class SystemLog(logging.Handler):
    """Sends each line to syslog as one datagram (RFC 3164), if the machine has a syslog.

    If syslog does not take the line within a second, the line is left out: it is on standard error too. (The standard
    library's SysLogHandler would wait for ever.)
    """

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslog:
            syslog.settimeout(1)
            syslog.sendto(f"<{AUTHPRIV_INFO}>gatepass: {self.format(record)}\0".encode(), str(SYSLOG))


@contextmanager
def system_log() -> Iterator[None]:
    """Send log lines to syslog too while a command runs, because a terminal does not keep them."""
    logs.configure()
    handler = SystemLog()
    handler.setFormatter(logs.JsonLines())
    logging.getLogger("v1").addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger("v1").removeHandler(handler)
