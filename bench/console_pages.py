"""The console's pages as a browser asks for them: filled databases, sessions of two people, the requests."""

import re
import time
from dataclasses import dataclass
from typing import Final

from bench import console_crowd
from bench.caller import Caller, get
from bench.minted import CLIENT
from bench.place import CHECK, Place, new_database
from bench.report import BenchError, progress
from bench.sessions import settle
from tests.e2e.console_data import ADMINISTRATOR, OWNER, fill
from v1.auth import core as parts
from v1.doors.console.paging import LAST, ROWS
from v1.records import Principal
from v1.settings import load
from v1.tokens import issue

USERS, DEVICES = 10_000, 1_000
FEW: Final = "gatepass_console"
"""The database with no more than these."""

TOKEN_CHECK: Final = f"a token check at {CHECK}"
STYLE: Final = "style.css"
LOADED: Final = (STYLE, "console.js", "icon.svg")
"""What every page loads."""

LANGUAGES: Final = ("en", "tr")
OVERVIEW: Final = "Overview"

SEARCHES: Final = {
    "by the beginning of a name": "search=a",
    "by an id": "search=3",
    "by a word": "search=yilmaz",
    "by two words": "search=ay%C5%9Fe+yilmaz",
    "by a domain": "search=%40example.com",
    "by an address": "search=2001%3Adb8%3A2a%3A%3A1",
    "by a device": "search=iPhone+15",
    "disabled": "filter=disabled",
    "blocked": "filter=blocked",
    "of an app": "app=MyApp%2F3.2",
}
"""What is searched for: the query of the page's URL."""

_WAITING = "UPDATE login_throttle SET blocked_until = blocked_until + 7200 WHERE blocked_until > UNIX_TIMESTAMP()"
"""The waits, some of which are of seconds, outlast the run: Overview is the same from its beginning to its end."""

_MORE_WAITING = (
    "INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)"
    " SELECT 'pair', id, '', CONCAT('2001:db8:0:', HEX(id), '::'), 9, UNIX_TIMESTAMP() + 86400,"
    " UNIX_TIMESTAMP() + 6000, UNIX_TIMESTAMP() + 86400 FROM users ORDER BY id DESC LIMIT 50"
)


@dataclass(frozen=True)
class Page:
    """A path, whose session asks for it ("" for nobody's), and a text that only this page has."""

    path: str
    who: str
    mark: str


@dataclass(frozen=True)
class Visitors:
    """A filled database, with the texts of a session of the console for each who may sign in, and of a mobile one."""

    database: str
    pages: dict[str, Page]
    cookies: dict[str, str]
    mobile: str

    def request(self, page: Page, language: str = LANGUAGES[0]) -> bytes:
        """The request as a browser of that language asks for it. The name of the cookie is that of production."""
        cookie = (f"Cookie: __Host-gatepass={self.cookies[page.who]}",) if page.who else ()
        return get(page.path, "", f"Accept-Language: {language}", *cookie)


def few(place: Place) -> Visitors:
    """1,000 devices, 10,000 users and what else `fill` makes, in a database of their own."""
    new_database(place.server, FEW)
    return _inhabited(place, FEW)


def many(place: Place, users: int, sessions: int) -> Visitors:
    """The same beside so many users and live sessions, in the database of bench/console_crowd.py."""
    return _inhabited(place, console_crowd.filled(place, users, sessions))


def let_more_wait(place: Place, visitors: Visitors) -> None:
    """Throttle as many accounts as Overview shows."""
    place.server.sql(_MORE_WAITING, visitors.database)


def _inhabited(place: Place, database: str) -> Visitors:
    progress(f"filling {database} for the console")
    place.server.sql("DELETE FROM login_stats", database)  # of logins that were measured before
    first = fill(place.server, int(time.time()), database, USERS, DEVICES)
    place.server.sql(_WAITING, database)
    core, now = parts.build(load(place.environment(database=database))), int(time.time())
    people = {OWNER: first + 1, ADMINISTRATOR: first}
    cookies = {}
    for name, user_id in people.items():
        person = Principal(user_id, name, 0, name == ADMINISTRATOR)
        cookies[name] = issue.console(core, person, CLIENT, now, 43_200).secret
    mobile = issue.mobile(core, Principal(first + 2, "", 0, False), CLIENT, now).secret
    settle(place.server)
    return Visitors(database, _pages(first + 1), cookies, mobile)


def _pages(owner: int) -> dict[str, Page]:
    number, last = f"{DEVICES:,}", -(-(DEVICES + 1) // ROWS)  # with the session that looks
    return {
        "sign-in form": Page("/console/sign-in/", "", "current-password"),
        "My Profile": Page("/console/profile/", OWNER, "Personal API Access Tokens"),
        "the dialog of a new token": Page("/console/tokens/new/", OWNER, '-title" open>'),
        f"Devices, {number}": Page("/console/devices/", OWNER, f"Page 1 of {last}"),
        "Activity": Page("/console/activity/", OWNER, "Signed in"),
        "Users": Page("/console/users/", ADMINISTRATOR, f"Page 1 of {LAST}"),
        **{f"Users, {name}": _search(query) for name, query in SEARCHES.items()},
        "Users, page 300": Page("/console/users/?page=300", ADMINISTRATOR, f"Page 300 of {LAST}"),
        "App versions": Page("/console/apps/", ADMINISTRATOR, "MyApp"),
        "API tokens": Page("/console/tokens/", ADMINISTRATOR, "Revoke selected"),
        "API tokens, unused": Page("/console/tokens/?filter=unused", ADMINISTRATOR, "Revoke selected"),
        f"a user of {number} devices": Page(f"/console/users/{owner}/", ADMINISTRATOR, "ayse.yilmaz@example.com"),
        "what that user did": Page(f"/console/users/{owner}/activity/", ADMINISTRATOR, "Signed in"),
        OVERVIEW: Page("/console/overview/", ADMINISTRATOR, "Blocked now"),
        f"{OVERVIEW}, 30 days": Page("/console/overview/?range=30d", ADMINISTRATOR, "Blocked now"),
    }


def _search(query: str) -> Page:
    return Page(f"/console/users/?{query}", ADMINISTRATOR, "Show all")


def requests(caller: Caller, visitors: Visitors) -> dict[str, bytes]:
    """One for each page, the stylesheet and a token check. Raises BenchError if one gets another page."""
    found = {TOKEN_CHECK: get(CHECK, visitors.mobile)}
    caller.ask(found[TOKEN_CHECK], 200)
    for name, page in visitors.pages.items():
        found[name] = visitors.request(page)
        html = caller.ask(found[name], 200).body.decode()
        if page.mark not in html or not html.rstrip().endswith("</html>"):
            raise BenchError(f"{page.path} is not the page it should be: {html[:1000]!r}")
    return found | {STYLE: get(loaded(html)[STYLE])}


def loaded(html: str) -> dict[str, str]:
    """The paths of what this page loads, by their names."""
    found = {path.rpartition("/")[2]: path for path in re.findall(r'(?:href|src)="(/console/static/[^"]+)"', html)}
    if not set(LOADED) <= set(found):
        raise BenchError(f"a page of the console loads {sorted(found)} and not all of {sorted(LOADED)}")
    return found
