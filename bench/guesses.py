"""Guesses that are refused, as they go over the wire: every door that proves a password, and the users who are guessed.

All names are equally long, and so are all passwords: what a try costs to read is the same.
"""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from bench.minted import CLIENT
from bench.place import LOW_COST, PASSWORD, Place, add_user
from v1.auth import core as parts
from v1.passwords.hashes import Passwords
from v1.records import Principal
from v1.settings import load
from v1.tokens import find, issue

FORM: Final = "application/x-www-form-urlencoded"
RIGHT: Final = PASSWORD.decode()
WRONG: Final = "another horse 72"
NEW: Final = "a third horse 72"
TOKENS: Final = 5000
HERE: Final = "2001:db8::7"
"""The address of the guesser. One of the many tokens is of a login from there."""

NO_NAME, NAME, MANY, DISABLED, UNREADABLE = "names-u", "names-w", "names-t", "names-d", "names-r"
SIGNED_IN: Final = (NAME, UNREADABLE)

Kind = tuple[str, str]
"""A name and a password."""

REFUSED: Final[dict[str, Kind]] = {
    "unknown": (NO_NAME, WRONG),
    "wrong password": (NAME, WRONG),
    f"wrong password, {TOKENS:,} live tokens": (MANY, WRONG),
    "disabled, right password": (DISABLED, RIGHT),
    "unreadable": (UNREADABLE, WRONG),
}
"""What must look alike at every door."""

THROTTLED: Final[dict[str, Kind]] = REFUSED | {"right password": (NAME, RIGHT)}
"""What must look alike while all of them must wait."""


@dataclass(frozen=True)
class Door:
    """A way to prove a password: `head` and `body` of a POST to `path`. `signed_in`: the owner of the name sends it."""

    path: str
    head: Callable[[str, str], str]
    body: Callable[[str, str], str]
    signed_in: bool = False
    second_reading: bool = False
    """Is it tried twice? Then a throttled one is refused before the second."""

    def kinds(self, throttled: bool) -> dict[str, Kind]:
        """What must look alike here. Who is signed in has a name that is not disabled, and knows their own tokens."""
        kinds = THROTTLED if throttled else REFUSED
        return {label: kind for label, kind in kinds.items() if not self.signed_in or kind[0] in SIGNED_IN}


def _grant(name: str, password: str) -> str:
    return urlencode({"grant_type": "client_credentials", "client_id": name, "client_secret": password})


def _basic(name: str, password: str) -> str:
    encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
    return f"Content-Type: {FORM}\r\nAuthorization: Basic {encoded}\r\n"


def _basic_twice(name: str, password: str) -> str:
    """With a plus for each space: as it stands, and form-decoded."""
    return _basic(name, password.replace(" ", "+"))


def _form(*more: str, media_type: str = FORM) -> Callable[[str, str], str]:
    return lambda name, password: "".join(f"{line}\r\n" for line in (f"Content-Type: {media_type}", *more))


def _json(name: str, password: str) -> str:
    return json.dumps({"login": name, "password": password})


def _fields(name: str, password: str) -> str:
    return urlencode({"username": name, "password": password})


def doors(sessions: dict[str, tuple[str, int]]) -> dict[str, Door]:
    """The five doors, that of API managers in each form. `sessions`: a console session's text and id by name."""
    same = "Sec-Fetch-Site: same-origin"

    def cookie(name: str, password: str) -> str:
        return _form(same, f"Cookie: gatepass={sessions[name][0]}")(name, password)

    def change(name: str, password: str) -> str:
        return urlencode({"session": sessions[name][1], "current": password, "new": NEW, "again": NEW})

    def granted(name: str, password: str) -> str:
        return "grant_type=client_credentials"

    return {
        "mobile": Door("/v1/oauth/", _form(), _fields),
        "devicehive": Door("/token", _form(media_type="application/json"), _json),
        "apiops, in the form": Door("/apiops/auth/token", _form(), _grant),
        "apiops, Basic": Door("/apiops/auth/token", _basic, granted),
        "apiops, Basic, two readings": Door("/apiops/auth/token", _basic_twice, granted, second_reading=True),
        "console, sign-in": Door("/console/sign-in/", _form(same), _fields),
        "console, current password": Door("/console/password/", cookie, change, signed_in=True),
    }


def without_what_varies(answer: bytes, name: str) -> bytes:
    """The answer without its date, its request id, the seconds to wait, and what the guesser sent or is."""
    answer = re.sub(rb"(?mi)^(date|x-request-id|retry-after):[^\r\n]*\r$", rb"\1:\r", answer)
    answer = re.sub(rb'name="(session|user)" value="\d+"', rb'name="\1"', answer)
    return answer.replace(name.encode(), b"NAME")


def add_users(place: Place) -> dict[str, tuple[str, int]]:
    """The users. Returns the text and the id of a new console session of those in SIGNED_IN."""
    stored = Passwords(LOW_COST).hash(PASSWORD)
    disabled = b"!" + stored
    for name, row in ((NAME, stored), (MANY, stored), (DISABLED, disabled), (UNREADABLE, b"no hash at all")):
        add_user(place.server, name, row)
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip"
    address = f"IF(seq = {TOKENS // 2}, '{HERE}', CONCAT('2001:db8:1:', HEX(seq), '::1'))"
    values = f"SHA1(CONCAT('names', seq)), id, 0, 4000000000, 0, 'x', {address}"
    rows = f"SELECT {values} FROM users, seq_1_to_{TOKENS} WHERE username = '{MANY}'"
    place.server.sql(f"INSERT INTO auth_tokens ({columns}) {rows}", "gatepass")
    return {name: _session(place, name) for name in SIGNED_IN}


def _session(place: Place, name: str) -> tuple[str, int]:
    """A session from elsewhere: its own address would be exempt."""
    core, now = parts.build(load(place.environment())), int(time.time())
    user_id = int(place.server.sql(f"SELECT id FROM users WHERE username = '{name}'", "gatepass"))
    secret = issue.console(core, Principal(user_id, name, 0, False), CLIENT, now, 43_200).secret
    found = find.check(core, secret, now)
    core.close()
    assert found, "a new session is live"
    return secret, found[1].id
