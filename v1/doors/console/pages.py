"""Renders the console's pages: template, language, security headers, redirects and static files."""

import gzip
import re
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, current_app, g, render_template, request
from flask.sansio.app import App
from flask_babel import Babel, get_locale

from v1.auth import guard
from v1.doors.console import cookies, notices, times, verdicts, wording
from v1.doors.console.paging import MOST
from v1.errors import UnknownPath

LANGUAGES: Final = {"en": "English", "tr": "Türkçe"}
LANGUAGE_COOKIE: Final = "gatepass_language"
"""The cookie with the profile's language, for pages while the database is down. It is no secret."""

SIGN_IN: Final = "/console/sign-in/"

INSIDE: Final = re.compile(r"/console/[a-z0-9/-]{0,100}(\?[\w.~%&=+-]{0,600})?(#[a-z0-9-]{0,40})?", re.ASCII)
"""The places of the console, with a query and a mark, to which a user may be led back."""

STATIC: Final = Path(__file__).resolve().parent / "static"
TRANSLATIONS: Final = str(Path(__file__).resolve().parent / "translations")
SCRIPT: Final = "text/javascript"
TYPES: Final = {"style.css": "text/css", "console.js": SCRIPT, "overview.js": SCRIPT, "icon.svg": "image/svg+xml"}

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def configure(app: App) -> None:
    """Give the application the templates' languages, filters and functions."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= wording.FILTERS | times.FILTERS
    app.jinja_env.filters |= {"obstacle": verdicts.text, "tried": verdicts.tried}
    app.jinja_env.globals |= {"LANGUAGES": LANGUAGES, "MOST": MOST, "static": static_url, "language": language}
    app.jinja_env.globals |= {"direction": direction}
    app.jinja_env.globals["NOTICE"] = '<p class="notice"'  # how macros.html begins one
    app.jinja_env.globals |= wording.GLOBALS
    Babel(app, default_translation_directories=TRANSLATIONS, locale_selector=language)  # type: ignore[no-untyped-call]


def language() -> str:
    """The language of the page: the profile's if it was read, else the cookie's, else the browser's."""
    chosen = g.get("language") or guard.read_cookie(request.environ, LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    if len(request.headers.get("Accept-Language", "")) > 500:  # not from a browser, and slow to parse
        return "en"
    return request.accept_languages.best_match(LANGUAGES, "en")


def direction() -> str:
    """The way in which the language of the page runs: `ltr` or `rtl`."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def answer(template: str, status: int = 200, **values: Any) -> Response:
    """A page. `values` are the variables of the template. It shows the notice that waits for its user."""
    visit = values.get("visit")
    waiting = notices.waiting(visit.principal.user_id if visit else 0)
    notice = values.get("notice") or waiting or g.get("form_notice")
    html = render_template(template, **{"visit": None, "errors": {}} | values | {"notice": notice})
    # Secured here too: at an unknown path Flask does not call the blueprint's after_request.
    response = secured(Response(html, status, content_type="text/html; charset=utf-8"))
    if status < 500:
        cookies.drop(current_app.extensions["gatepass"], response)
    return response


def redirect(path: str, done: str = "", values: Mapping[str, Any] | None = None, **query: Any) -> Response:
    """A redirect to another page (303). `path` may end with the id of a section: `/console/profile/#tokens`.

    `done` names what that page says was done, in that section: a key of `wording.NOTICES`. `values` are the numbers and
    names in its text.
    """
    path, _, section = path.partition("#")
    asked = urlencode({name: value for name, value in query.items() if value})
    mark = "#" if section else ""
    response = Response("", 303, {"Location": path + ("?" if asked else "") + asked + mark + section})
    if done:
        stranger = "visit" not in g or path == SIGN_IN
        notices.keep(response, done, values or {}, section, 0 if stranger else g.visit.principal.user_id)
    return response


def secured(response: Response) -> Response:
    """The response with the security headers of every answer of the console. `g.refreshes`: its script may fetch."""
    response.headers.update(HEADERS)
    if g.get("refreshes"):
        response.headers["Content-Security-Policy"] += "; connect-src 'self'"
    return response


def static_url(name: str) -> str:
    """The URL of the stylesheet, script or icon. Its version changes with the content."""
    return f"/console/static/{_version(name)}/{name}"


def static(version: str, name: str) -> Response:
    """The stylesheet, the script or the icon. A browser may cache it for good if the version is right."""
    if name not in TYPES:
        raise UnknownPath(request.path)
    response = Response(_content(name), content_type=f"{TYPES[name]}; charset=utf-8")
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings.quality("gzip") > 0:  # unlike a page, it holds no secret that its length could tell
        response.set_data(_compressed(name))
        response.headers["Content-Encoding"] = "gzip"
    if version == _version(name):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)


@cache
def _version(name: str) -> str:
    return f"{zlib.crc32(_content(name)):08x}"
