"""Owns what all operator verbs share: the core, text fit for a terminal, errors as a sentence and not a traceback."""

import logging
import os
import pwd
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Any, Final

import click
from flask import current_app

from v1.auth.accounts import NoSuchUser
from v1.auth.core import Core
from v1.db.connection import Duplicate
from v1.errors import DatabaseDown, NotFound, WrongCredentials
from v1.observe import logs
from v1.observe.logs import event
from v1.tokens.issue import NEVER

LOGINUID: Final = Path("/proc/self/loginuid")
NOBODY_SIGNED_IN: Final = 2**32 - 1
SYSLOG: Final = Path("/dev/log")
AUTHPRIV_INFO: Final = SysLogHandler.LOG_AUTHPRIV << 3 | SysLogHandler.LOG_INFO

HINTS = {
    1044: "The account has no right to this database: see sql/grants.sql.",
    1045: "Check the user and the password in DATABASE_URL.",
    1049: "Create the database first.",
    1054: "Run `flask db migrate`.",
    1142: "The account lacks a right: see sql/grants.sql; tables are changed by MIGRATE_DATABASE_URL.",
    1146: "Run `flask db migrate`.",
    1205: "Somebody holds the table: find out who with SHOW PROCESSLIST and try again.",
    1231: "Nothing would be stored as it must be.",
    2012: "Check the host and the port in DATABASE_URL.",
    2059: "Install what is missing beside Gatepass, or let the account sign in by another plugin.",
    2002: "Is the server running? If this is the private database, start `make run`.",
    2013: "The connection broke; run this again, it takes up where things stand.",
    2003: "Is the server running? If this is the private database, start `make run`.",
}

_COMMAND: Final = re.compile(r"\bflask (?=(?:user|session|token|db) )")


class Command(click.Command):
    """A command whose examples name the program that runs it."""

    def get_help(self, ctx: click.Context) -> str:
        return as_called(super().get_help(ctx))


class Verbs(Command, click.Group):
    """A group of verbs that ends with exit code 1 and one clear sentence when something is wrong."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with kept():
                return super().invoke(ctx)
        except DatabaseDown as error:
            hint = as_called(HINTS.get(error.number, ""))
            raise click.ClickException(f"database error {error.number}: {error.text}. {hint}".rstrip()) from None
        except Duplicate:
            raise click.ClickException("an equal row came in meanwhile; run this again to see which") from None
        except NoSuchUser as error:
            hint = as_called("see `flask user list`")
            raise click.ClickException(f"there is no user {str(error)!r}; {hint}") from None
        except NotFound:
            raise click.ClickException("there is no token of that id") from None
        except WrongCredentials:
            raise click.ClickException(as_called("the user is disabled; see `flask user enable`")) from None
        except ValueError as error:
            raise click.ClickException(str(error)) from None


def as_called(text: str) -> str:
    """The text with its commands as they are called here: `gatepass user list` where `gatepass` runs, not `flask`."""
    root = click.get_current_context().find_root().command.name
    return _COMMAND.sub("gatepass ", text) if root == "gatepass" else text


def shown(text: str) -> str:
    """Text for a terminal: control characters, which a name may hold, as escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def act(name: str, **fields: object) -> None:
    """The log line of an administrator's act, with the account of this machine that did it."""
    event(name, by=who(), **fields)


def who() -> str:
    """The account that signed in on this machine, under sudo too, else the one that runs this; nameless, its number."""
    uid = os.getuid()
    with suppress(OSError, ValueError):
        signed_in = int(LOGINUID.read_text())
        uid = uid if signed_in == NOBODY_SIGNED_IN else signed_in
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


class SystemLog(logging.Handler):
    """The system's log, where the machine has one: a datagram a line (RFC 3164). A log that does not take it in a
    second holds up no verb; the terminal has the line. (SysLogHandler would wait for ever.)"""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.settimeout(1)
            way.sendto(f"<{AUTHPRIV_INFO}>gatepass: {self.format(record)}\0".encode(), str(SYSLOG))


@contextmanager
def kept() -> Iterator[None]:
    """While a verb runs, the system's log gets its lines too: a terminal keeps nothing."""
    logs.configure()
    keeper = SystemLog()
    keeper.setFormatter(logs.JsonLines())
    logging.getLogger("v1").addHandler(keeper)
    try:
        yield
    finally:
        logging.getLogger("v1").removeHandler(keeper)


def moment(seconds: int) -> str:
    """Unix seconds as a person reads them, in UTC."""
    return "never" if seconds == NEVER else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(min(seconds, NEVER)))


def core() -> Core:
    """The core of the application that `gatepass` or `flask` loaded."""
    found: Core = current_app.extensions["gatepass"]
    return found
