"""Owns what came along with a request: the token or credentials it presents, and the address it comes from."""

import base64
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from v1.auth.core import Core
from v1.errors import GatepassError, InvalidToken, MalformedRequest, MissingToken
from v1.observe import logs, metrics
from v1.records import PresentedToken, Principal
from v1.settings import Settings
from v1.tokens import find
from v1.wire import addresses

Proven = tuple[Principal, PresentedToken]
Credentials = tuple[bytes, bytes]
"""A username and a password."""

SCHEMES: Final = ("token", "bearer")
NOT_LOCAL: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_ORIGIN", "HTTP_SEC_FETCH")
"""How the headers begin that a proxy or a browser adds."""

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")

# Two headers of one name are joined with a comma on the way here. (gunicorn.conf.py sees them apart.)
_TWO_HEADERS: Final = re.compile(r",\s*(?:token|bearer|basic|digest|negotiate)\b", re.IGNORECASE)


def authorize(core: Core, environ: Mapping[str, Any], kinds: Collection[str], scope: str = "") -> Proven:
    """Who presents a live token of one of these kinds (and with this scope). `environ` is WSGI's.

    Raises MissingToken, InvalidToken (whatever the reason), DatabaseDown. The use is noted and written later.
    """
    return prove(core, lambda: presented(environ), kinds, scope)


def prove(core: Core, secret: Callable[[], str], kinds: Collection[str], scope: str = "") -> Proven:
    """The same for a token that a door found elsewhere in the request; "" is none."""
    try:
        proven = _proven(core, secret(), kinds, scope)
    except GatepassError as refusal:
        metrics.token_checks.labels(_OUTCOMES.get(type(refusal), "error")).inc()
        raise
    metrics.token_checks.labels("ok").inc()
    return proven


def presented(environ: Mapping[str, Any]) -> str:
    """The text behind `Authorization: Token` or `Bearer`. Raises MissingToken for anything else (RFC 9110 11.6.2)."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, secret = header.partition(" ")
    secret = secret.strip(" ")
    if not secret or scheme.lower() not in SCHEMES or ("," in secret and _TWO_HEADERS.search(secret)):
        raise MissingToken
    return str(secret)


def presented_bare(environ: Mapping[str, Any]) -> str:
    """The same, or all of a header that names no scheme; "" where there is no header, or one of another scheme."""
    header = str(environ.get("HTTP_AUTHORIZATION", "")).strip(" ")
    if " " not in header:
        return header
    return presented(environ) if header.partition(" ")[0].lower() in SCHEMES else ""


def scheme(environ: Mapping[str, Any]) -> str:
    """The scheme of the Authorization header, in small letters; "" where there is no header."""
    return str(environ.get("HTTP_AUTHORIZATION", "")).strip(" ").partition(" ")[0].lower()


def basic(environ: Mapping[str, Any]) -> tuple[Credentials, Credentials]:
    """The two parts behind `Authorization: Basic`: form-decoded (RFC 6749 2.3.1), and as they came, as many clients do
    not encode them. Raises MalformedRequest."""
    text = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")[2].strip(" ")
    try:
        client, colon, secret = base64.b64decode(text, validate=True).partition(b":")
    except ValueError:
        colon = b""
    if not colon:
        raise MalformedRequest("The Authorization header is malformed.")
    decoded = unquote_to_bytes(client.replace(b"+", b" ")), unquote_to_bytes(secret.replace(b"+", b" "))
    return decoded, (client, secret)


def cookie(environ: Mapping[str, Any], name: str) -> str:
    """The value of the first cookie of that name; "" for none (RFC 6265 5.4)."""
    for pair in str(environ.get("HTTP_COOKIE", "")).split(";"):
        found, _, value = pair.strip(" \t").partition("=")
        if found == name:
            return value
    return ""


def is_same_origin(environ: Mapping[str, Any], schemes: Collection[str]) -> bool:
    """Was this sent by one of our own pages, which are served by one of these schemes? What does not say so was not.

    By Sec-Fetch-Site, which browsers send over HTTPS and to their own machine; elsewhere by Origin (RFC 6454 7), which
    is `null` there, as our pages forbid referrers (Fetch, "append a request Origin header").
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    scheme, _, host = str(environ.get("HTTP_ORIGIN", "")).partition("://")
    return scheme in schemes and host.lower() == str(environ.get("HTTP_HOST", "")).lower()


def client_address(environ: Mapping[str, Any], trusted: tuple[addresses.Network, ...]) -> str:
    """The rightmost address of X-Forwarded-For that is no trusted proxy; without trusted proxies, the peer.

    `environ` is WSGI's. The peer of a Unix socket has no address (""); it is trusted if any proxy is. IPv4-mapped IPv6
    is IPv4. An entry that is no address ends the walk: what stands left of it proves nothing. The log says so once.
    """
    client = addresses.read(environ.get("REMOTE_ADDR", ""))
    if not trusted or (client is not None and not addresses.within(client, trusted)):
        return str(client or "")
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    for entry in reversed(forwarded.split(",")):
        address = addresses.read_forwarded(entry)
        if address is None:
            if forwarded:
                _tell_unreadable()
            break
        client = address
        if not addresses.within(address, trusted):
            break
    return str(client or "")


@cache
def _tell_unreadable() -> None:
    """Once a process, without the text: all clients of such a proxy count as one."""
    logs.event("proxy.unreadable_address")


def is_local(environ: Mapping[str, Any]) -> bool:
    """Is this a program on this machine itself, and no proxy beside us nor a page in a browser here?"""
    peer = addresses.read(environ.get("REMOTE_ADDR", ""))
    if peer is None or not peer.is_loopback or any(name.startswith(NOT_LOCAL) for name in environ):
        return False
    host = re.sub(r":\d+$", "", environ.get("HTTP_HOST", ""))
    return host.lower() in LOOPBACK_NAMES


def may_create_api_tokens(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """May this caller make API tokens without a token: a local one, where LOCAL_API_TOKENS lets it."""
    return settings.local_api_tokens and is_local(environ)


def may_read_metrics(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """May this caller see the metrics: a local one, where LOCAL_METRICS lets it, or one from METRICS_ALLOW."""
    address = addresses.read(client_address(environ, settings.trusted_proxies))
    allowed = address is not None and addresses.within(address, settings.metrics_allow)
    return allowed or (settings.local_metrics and is_local(environ))


def _proven(core: Core, secret: str, kinds: Collection[str], scope: str) -> Proven:
    if not secret:
        raise MissingToken
    now = int(core.clock())
    found = find.check(core.tables, core.keys, secret, now)
    if found is None or found[1].kind not in kinds or (scope and scope not in found[1].scopes):
        raise InvalidToken(find.rejection_reason(core.keys, secret, kinds, now))
    core.write_behind.used(found[1], now)
    return found


_OUTCOMES: Final = {MissingToken: "missing", InvalidToken: "invalid", MalformedRequest: "invalid"}
