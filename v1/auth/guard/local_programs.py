"""Recognizes programs on this machine, and says what they may do without a token."""

import re
from collections.abc import Mapping
from typing import Any, Final

from v1.auth.guard.forwarded_for import client_address
from v1.settings import Settings
from v1.wire import addresses

NOT_LOCAL: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_ORIGIN", "HTTP_SEC_FETCH")
"""The beginnings of headers that only a proxy or a browser adds."""

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


def is_local(environ: Mapping[str, Any]) -> bool:
    """Whether a program on this machine sent the request, and not through a proxy or a web page in a browser here."""
    peer = addresses.read(environ.get("REMOTE_ADDR", ""))
    if peer is None or not peer.is_loopback or any(name.startswith(NOT_LOCAL) for name in environ):
        return False
    host = re.sub(r":\d+$", "", environ.get("HTTP_HOST", ""))
    return host.lower() in LOOPBACK_NAMES


def may_create_api_tokens(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """Whether the caller may create API tokens without a token: it is local, and LOCAL_API_TOKENS allows it."""
    return settings.local_api_tokens and is_local(environ)


def may_read_metrics(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """Whether the caller may read the metrics: METRICS_ALLOW has its address, or it is local and LOCAL_METRICS allows
    it."""
    address = addresses.read(client_address(environ, settings.trusted_proxies))
    allowed = address is not None and addresses.within(address, settings.metrics_allow)
    return allowed or (settings.local_metrics and is_local(environ))
