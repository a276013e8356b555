"""The demo user of `make run`. Its well-known password is used only if no other machine can reach the service."""

import ipaddress
import secrets
from typing import Final

from v1.auth import accounts
from v1.auth.core import Core
from v1.settings import Settings

NAME: Final = "demo"
PASSWORD: Final = "demo-password"


def is_reachable(settings: Settings) -> bool:
    """Whether other machines can reach the service at its address."""
    return not ipaddress.ip_address(settings.host).is_loopback


def keys(settings: Settings, environ: dict[str, str]) -> dict[str, str]:
    """The environment, with a random signing key if other machines reach the service: anybody knows the key of
    development and could sign tokens with it."""
    if not settings.development or not is_reachable(settings) or environ.get("TOKEN_KEYS"):
        return environ
    return {**environ, "TOKEN_KEYS": secrets.token_hex(32)}


def prepare(parts: Core) -> str | None:
    """Make the demo user if there is no user at all. Returns its password, "" if that is not known, or None if there is
    no demo user.

    If other machines reach the service, the password is a random one. It replaces the well-known one of an earlier run.
    """
    password = secrets.token_urlsafe(12) if is_reachable(parts.settings) else PASSWORD
    if not parts.tables.users.page(after=0, limit=1):
        accounts.add(parts, NAME, password.encode(), is_admin=False)
        return password
    user = parts.tables.users.find(NAME.encode())
    if user is None:
        return None
    if not parts.passwords.check(PASSWORD.encode(), user.password.removeprefix(b"!")).ok:
        return ""
    if password != PASSWORD:
        accounts.set_password(parts, NAME, password.encode())
    return password


def welcome(settings: Settings, password: str | None, url: str) -> list[str]:
    """The lines about logging in that `make run` prints."""
    lines = []
    if password:
        lines.append(f"  log in:    curl -d username={NAME} -d password={password} -d device-info=curl {url}")
    elif password == "":
        lines.append(f"  log in:    as {NAME}, whose password was set before: .venv/bin/gatepass user passwd {NAME}")
    if settings.development and is_reachable(settings):
        if password:
            lines.append(f"  password:  that of {NAME} is new, and is not printed again")
        lines.append(f"WARNING: other machines reach port {settings.port}, without TLS, and debug=1 tells them which")
        lines.append("usernames exist. Without HOST only this machine does. For real use see docs/operating.md.")
    return lines
