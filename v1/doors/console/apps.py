"""App versions, for administrators: which apps people signed in with lately, and in which version."""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import Response

from v1.auth import user_search
from v1.auth.user_search import BROWSERS, NEWEST
from v1.doors.console import pages
from v1.doors.console.visits import Visit

MOST: Final = 200
"""The most rows of the table: those with the most logins."""


@dataclass(frozen=True)
class App:
    """One version of an app. `name` and `version` are empty for browsers; `share` is of the logins of all apps."""

    link: str
    name: str
    version: str
    logins: int
    share: float
    users: int
    last: int

    @property
    def order(self) -> tuple[bool, str, list[tuple[int, str]]]:
        """By name, then by version as numbers: 3.10 is after 3.9. Browsers come last."""
        parts = re.findall(r"[0-9]+|[^0-9]+", self.version)
        numbers = [(int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts]
        return not self.name, self.name.casefold(), numbers


def show(visit: Visit) -> Response:
    """The page of the app versions."""
    rows = user_search.apps(visit.core, MOST)
    total, since = rows[0][4:] if rows else (0, 0)
    apps = sorted((_app(*row[:5]) for row in rows), key=lambda app: app.order)
    values: dict[str, Any] = {"apps": apps, "total": total, "since": since, "NEWEST": NEWEST, "most": MOST}
    return pages.answer("apps.html", visit=visit, place="users", **values)


def _app(product: str, logins: int, users: int, last: int, total: int) -> App:
    name, _, version = product.rpartition("/") if "/" in product else (product, "", "")
    return App(product or BROWSERS, name, version, int(logins), float(logins / total), users, last)
