"""Owns `python -m tests.e2e.pictures DIR`: every page of the console, in every size, theme and language, as PNG."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Final, get_args

from playwright.sync_api import Browser

from tests.conftest import migrate, serve
from tests.e2e import browser, console_data
from tests.e2e.browser import SIZES, Pages, Theme
from tests.e2e.console_data import ADMINISTRATOR, OWNER, Filled
from tools import private_mariadb

PAGES: Final = {
    "sign-in": ("/console/sign-in/", ""),
    "profile": ("/console/profile/", OWNER),
    "new-token": ("/console/tokens/new/", OWNER),
    "devices": ("/console/devices/", OWNER),
    "sign-out-others": ("/console/devices/sign-out-others/", OWNER),
    "overview": ("/console/overview/", ADMINISTRATOR),
    "users": ("/console/users/", ADMINISTRATOR),
    "user": ("/console/users/{owner}/", ADMINISTRATOR),
    "user-nasty": ("/console/users/{nasty}/", ADMINISTRATOR),
    "missing": ("/console/nothing-here/", OWNER),
}
"""The path of each, and who looks at it."""

LANGUAGES: Final = {"en": "en-US", "tr": "tr-TR"}

EXAMPLE: Final = "example: python -m tests.e2e.pictures var/pictures --only profile devices --size phone --theme dark"


def main() -> int:
    """Take the pictures; 1 if anything went wrong on a page."""
    wanted = _arguments()
    wanted.directory.mkdir(parents=True, exist_ok=True)
    wrong = False
    with _service() as (port, filled), browser.chromium() as running:
        cookies = {name: _cookies(running, port, name) for name in (OWNER, ADMINISTRATOR)}
        for name, size, theme, language in product(wanted.only, wanted.size, wanted.theme, wanted.lang):
            path, who = PAGES[name]
            pages = Pages(running)
            pages.allow(404)  # a page that is not there is one of them
            page = pages.new(port, size=size, theme=theme, locale=LANGUAGES[language])
            page.context.add_cookies(cookies.get(who, []))
            page.goto(path.format(**vars(filled)))
            file = f"{name}-{size}-{theme}-{language}.png"
            browser.picture(page, wanted.directory / file, whole=not wanted.window)
            print("\n    ".join([file, *pages.problems()]), flush=True)
            wrong = wrong or pages.problems() != []
            pages.close()
    return int(wrong)


def _cookies(running: Browser, port: int, name: str) -> list[Any]:
    """Of somebody who signed in."""
    pages = Pages(running)
    page = pages.new(port)
    browser.sign_in(page, name)
    cookies: list[Any] = page.context.cookies()
    pages.close()
    return cookies


@contextmanager
def _service() -> Iterator[tuple[int, Filled]]:
    """The port of a gunicorn on a private MariaDB with made-up rows."""
    with tempfile.TemporaryDirectory(prefix="gatepass-", dir="/tmp") as place:
        server = private_mariadb.start(Path(place) / "mariadb")
        try:
            migrate(server, "gatepass")
            filled = console_data.fill(server, int(time.time()))
            service = serve(Path(place) / "gunicorn.log", server)
            try:
                yield service.port, filled
            finally:
                service.stop()
        finally:
            private_mariadb.stop(server)


def _arguments() -> argparse.Namespace:
    about = "Takes pictures of every page of the console, with made-up rows."
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.pictures", description=about, epilog=EXAMPLE)
    parser.add_argument("directory", type=Path, metavar="DIR", help="where to write PAGE-SIZE-THEME-LANG.png")
    choices = {"only": list(PAGES), "size": list(SIZES), "theme": list(get_args(Theme)), "lang": list(LANGUAGES)}
    for name, each in choices.items():
        said = f"of {', '.join(each)}; else all"
        parser.add_argument(f"--{name}", nargs="+", choices=each, default=each, metavar=name.upper(), help=said)
    parser.add_argument("--window", action="store_true", help="what the window shows, not the whole page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
