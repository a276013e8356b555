"""Owns made-up rows for the console: people, their devices and personal tokens, a month of logins, who must wait.

All of it follows from `now` and the numbers of rows: the same at each run.
"""

import math
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha1, sha256
from itertools import islice
from typing import Final

from tests.conftest import COST_4
from tests.e2e.nasty_texts import NASTY
from tools.private_mariadb import Server
from v1.tokens.issue import NEVER

ADMINISTRATOR: Final = "administrator"
OWNER: Final = "ayse.yilmaz"
"""Has the devices and the personal tokens. The password of everybody is `password`."""

MINUTE, HOUR, DAY = 60, 3600, 86_400
DEVICES: Final = ("iPhone 15", "iPhone SE", "Pixel 8", "Pixel 6a", "Galaxy S24", "Galaxy A54", "iPad Air", "Unknown")
FIRST: Final = ("ali", "anna", "can", "deniz", "elif", "emre", "eva", "jo", "lena", "mert", "noor", "sam", "zeynep")
LAST: Final = ("aydin", "baker", "celik", "demir", "fischer", "kaya", "moreau", "novak", "okafor", "rossi", "smith")

THROTTLE: Final = "login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)"

Value = int | str | None
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Amounts:
    """How many rows. `devices` and `tokens` are those of OWNER, `sessions` those of others, `days` those of logins."""

    users: int = 10_000
    devices: int = 1_000
    tokens: int = 60
    sessions: int = 5_000
    days: int = 32


@dataclass(frozen=True)
class Filled:
    """The ids of the two who may sign in, and of a user with a nasty name."""

    administrator: int
    owner: int
    nasty: int


def fill(server: Server, now: int, amounts: Amounts = Amounts(), database: str = "gatepass") -> Filled:
    """Add the rows to a migrated database, as they are at `now` in Unix seconds. At least 20 users."""
    dice = random.Random(5)
    first = int(server.sql("SELECT COALESCE(MAX(id), 0) + 1 FROM users", database))
    people = range(first, first + amounts.users)
    tables: dict[str, Iterable[Row]] = {
        "users (id, username, password, creation_time, remote_ip, access_level, is_admin)": _users(people, now, dice),
        "profiles (user_id, full_name, email, language)": _profiles(people),
        "auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, remote_ip)": [
            *_devices(people[1], amounts.devices, now, dice),
            *_personal(people[1], amounts.tokens, now, dice),
            *_sessions(people, amounts.sessions, now, dice),
        ],
        "login_stats (hour, door, outcome, logins)": _logins(now, amounts.days, dice),
        THROTTLE: _waiting(people, now),
    }
    for statement in (each for table, rows in tables.items() for each in _inserts(table, rows)):
        server.sql(statement, database)
    return Filled(people[0], people[1], people[2])


def _users(people: range, now: int, dice: random.Random) -> Iterator[Row]:
    for at, user in enumerate(people):
        name = f"{dice.choice(FIRST)}.{dice.choice(LAST)}{user}"
        if at < 2:
            name = (ADMINISTRATOR, OWNER)[at]
        elif at < 2 + len(NASTY):
            name = NASTY[at - 2][:30]
        disabled = "!" if at > 20 and dice.random() < 0.03 else ""
        created = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now - dice.randrange(DAY, 900 * DAY)))
        yield user, name, disabled + COST_4, created, "192.0.2.1", 1, int(at == 0)


def _profiles(people: range) -> Iterator[Row]:
    yield people[1], "Ayşe Yılmaz Çağlayan", "ayse.yilmaz@example.com", ""
    for user, text in zip(people[2:], NASTY, strict=False):
        yield user, text[:100], "very.long." + "x" * 200 + "@example.com", "tr"


def _devices(user: int, number: int, now: int, dice: random.Random) -> Iterator[Row]:
    """The nasty names are those used last."""
    for at in range(number):
        name = NASTY[at] if at < len(NASTY) else f"{dice.choice(DEVICES)} {at}"
        kind = "mobile" if at % 10 else "jwt_refresh"
        used = now - at * (29 * DAY // number) - dice.randrange(5, 10) * MINUTE
        yield _token(user, kind, at, used - dice.randrange(DAY), now + 30 * DAY - at, used, name, None)


def _personal(user: int, number: int, now: int, dice: random.Random) -> Iterator[Row]:
    """A third of them expired, some that never expire, some never used. The nasty names are the newest."""
    for at in range(number):
        name = NASTY[number - at - 1][:100] if number - at <= len(NASTY) else f"Nightly build {at}"
        made = now - (number - at) * DAY - dice.randrange(HOUR)
        expiry = (made + DAY // 2, now + (at + 1) * DAY, NEVER)[at % 3]
        used = made if at % 4 == 0 else min(now - MINUTE, made + dice.randrange(DAY // 2))
        yield _token(user, "personal", at, made, expiry, used, "", name)


def _sessions(people: range, number: int, now: int, dice: random.Random) -> Iterator[Row]:
    """Of everybody but the owner; every tenth expired."""
    kinds = ("mobile",) * 7 + ("jwt_refresh", "management", "console")
    for at in range(number):
        user = people[at % (len(people) - 2) + 2]
        used = now - dice.randrange(MINUTE, 20 * DAY)
        expiry = now + DAY if at % 10 else now - MINUTE
        yield _token(user, dice.choice(kinds), at, used - DAY, expiry, used, dice.choice(DEVICES), None)


def _token(user: int, kind: str, at: int, made: int, expiry: int, used: int, device: str, name: str | None) -> Row:
    text = f"{kind} {user} {at}".encode()
    digest = (sha1 if kind == "mobile" else sha256)(text).hexdigest()
    address = f"2001:db8::{at:x}" if at % 3 == 0 else f"198.51.100.{at % 250 + 1}"
    return digest, user, made, expiry, used, device, kind, name, address


def _logins(now: int, days: int, dice: random.Random) -> Iterator[Row]:
    """Busy by day, fewer at weekends, and a night on which somebody guessed."""
    for ago in range(days * 24):
        start = now // HOUR * HOUR - ago * HOUR
        moment = time.gmtime(start)
        busy = 0.08 + max(0.0, math.sin((moment.tm_hour - 6) / 24 * math.tau)) * (0.5 if moment.tm_wday > 4 else 1)
        guessing = 3000 if 200 <= ago < 205 else 0
        for door, share in (("oauth", 900), ("devicehive", 120), ("apiops", 60), ("console", 30)):
            good = int(share * busy * dice.uniform(0.8, 1.2))
            counts = {"ok": good, "failed": good // 16, "throttled": good // 120, "busy": good // 500}
            if door == "oauth":
                counts |= {"failed": counts["failed"] + guessing, "throttled": counts["throttled"] + 2 * guessing}
            hour = time.strftime("%Y-%m-%d %H:00:00", moment)
            yield from ((hour, door, outcome, number) for outcome, number in counts.items() if number)


def _waiting(people: range, now: int) -> Iterator[Row]:
    """Of every scope, of somebody and of nobody; the last one's wait is over. Where THROTTLE_EVERYONE is on, nobody may
    sign in for 45 seconds."""
    nobody = sha256(b"nobody").hexdigest()
    rows = [("pair", people[1], "", "203.0.113.9", 6, 30), ("pair", 0, nobody, "203.0.113.9", 12, 800)]
    rows += [("pair", user, "", "2001:db8:1:2::", 9, 300) for user in people[2:5]]
    rows += [("address", 0, "", "203.0.113.9", 400, 2 * HOUR), ("address", 0, "", "2001:db8:1:2::", 120, 55 * MINUTE)]
    rows += [("account", people[5], "", "", 140, 90), ("everyone", 0, "", "", 20_000, 45)]
    rows += [("pair", people[6], "", "203.0.113.77", 5, -60)]
    for scope, user, digest, address, failures, wait in rows:
        yield scope, user, digest, address, failures, now + DAY, now + wait, now + DAY


def _inserts(table: str, rows: Iterable[Row]) -> Iterator[str]:
    """Statements of a thousand rows each."""
    left = iter(rows)
    while batch := list(islice(left, 1000)):
        yield f"INSERT INTO {table} VALUES " + ",".join(f"({','.join(map(_literal, row))})" for row in batch)


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return f"_utf8mb4 X'{value.encode().hex()}'"
    return "NULL" if value is None else str(value)
