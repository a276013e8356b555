"""Reads what a browser adds to a request: cookies, and the site that sent a form."""

from collections.abc import Collection, Mapping
from typing import Any


def read_cookie(environ: Mapping[str, Any], name: str) -> str:
    """The value of the first cookie with this name (RFC 6265 5.4); "" if there is none."""
    for pair in str(environ.get("HTTP_COOKIE", "")).split(";"):
        found, _, value = pair.strip(" \t").partition("=")
        if found == name:
            return value
    return ""


def is_refresh(environ: Mapping[str, Any]) -> bool:
    """Did a page's script ask for the page again? Then nobody acted, and the request does not count as a use of the
    session: it still ends CONSOLE_IDLE_SECONDS after the last act.

    A client that sends this header for no reason only shortens its own session.
    """
    return environ.get("REQUEST_METHOD") == "GET" and "HTTP_X_GATEPASS_REFRESH" in environ


def is_same_origin(environ: Mapping[str, Any], schemes: Collection[str]) -> bool:
    """Whether one of our own pages sent this request; `schemes` are those that our pages are served by.

    Browsers say so in Sec-Fetch-Site over HTTPS, and over HTTP to their own machine. Without it, the Origin header must
    name this host (RFC 6454 7). Over HTTP from another machine it never does: our pages forbid referrers, so browsers
    send `Origin: null` (Fetch, "append a request Origin header"). A request with neither header is not from our pages.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    scheme, _, host = str(environ.get("HTTP_ORIGIN", "")).partition("://")
    return scheme in schemes and host.lower() == str(environ.get("HTTP_HOST", "")).lower()
