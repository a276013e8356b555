"""Made-up rows for the console: people, their devices and personal tokens, a month of logins, who must wait."""

import math
import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from tests.conftest import COST_4
from tests.e2e.nasty_texts import NASTY
from tools.private_server import Server
from v1.db.tables import profiles
from v1.records import Profile
from v1.tokens.issue import NEVER

ADMINISTRATOR: Final = "administrator"
OWNER: Final = "ayse.yilmaz"
"""Has many devices and personal tokens. The password of everybody is `password`."""

FIRST: Final = ("ali", "anna", "can", "deniz", "elif", "emre", "eva", "jo", "lena", "mert", "noor", "sam", "zeynep")
NAMED: Final = (ADMINISTRATOR, OWNER, *(text[:30] for text in NASTY))
"""The names of the first users, whose ids follow each other: of the suite's database from 1 on."""

MINUTE, HOUR, DAY = 60, 3600, 86_400
THROTTLE: Final = "login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)"

EVENTS: Final = "events (time, event, user_id, door, token_id, address, device, app, reason, actor, times)"

Row = tuple[int | str | None, ...]


def username(at: int) -> str:
    """The name of the user after so many others."""
    return NAMED[at] if at < len(NAMED) else f"{FIRST[at % len(FIRST)]}.{at}"


def fill(server: Server, now: int, database: str = "gatepass", users: int = 300, devices: int = 60) -> int:
    """Add the rows to a migrated database, as they are at `now` in Unix seconds; the id of the administrator."""
    first = int(server.sql("SELECT COALESCE(MAX(id), 0) + 1 FROM users", database))
    tables: dict[str, Iterable[Row]] = {
        "users (id, username, password, creation_time, remote_ip, access_level, is_admin)": _users(first, users),
        "profiles (user_id, full_name, email, language)": _profiles(first),
        "auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, remote_ip)": [
            *_devices(first + 1, devices, now),
            *_personal(first + 1, now),
            *(_token(at, first + at, now - at * MINUTE, now + DAY, "iPhone 15") for at in range(2, users // 2)),
        ],
        "auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, remote_ip,"
        " last_ip, claims)": _servers(first, now),
        "profile_words (word, user_id)": _words(first),
        "events (time, event, user_id, door, address, app)": _apps(first, now),
        "login_stats (hour, door, outcome, logins)": _logins(now),
        THROTTLE: _waiting(first, now),
        EVENTS: _events(first, now),
        "events (time, event, user_id, address, reason, times)": _attack(first, now),
    }
    for table, rows in tables.items():
        values = ",".join(f"({','.join(map(_literal, row))})" for row in rows)
        server.sql(f"INSERT INTO {table} VALUES {values}", database)
    live = f"(SELECT MIN(id) FROM auth_tokens WHERE user_id = {first + 1} AND kind = 'mobile')"
    server.sql(f"UPDATE events SET token_id = {live} WHERE device = 'Galaxy S24'", database)
    return first


def _users(first: int, number: int) -> Iterator[Row]:
    for at in range(number):
        disabled = "!" if at % 30 == 29 else ""
        yield first + at, username(at), disabled + COST_4, "2023-01-31 12:00:00", "192.0.2.1", 1, int(at == 0)


def _profiles(first: int) -> Iterator[Row]:
    yield first + 1, "Ayşe Yılmaz Çağlayan", "ayse.yilmaz@example.com", ""
    for user, text in enumerate(NASTY, first + 2):
        yield user, text[:100], "very.long." + "x" * 200 + "@example.com", "tr"


def _words(first: int) -> Iterator[Row]:
    for user, full_name, email, _ in _profiles(first):
        words = profiles.words(Profile(str(full_name), str(email)))
        yield from {word.lower(): (word, user) for word in words}.values()


def _apps(first: int, now: int) -> Iterator[Row]:
    """Logins with four apps, of which one has a nasty name, and with browsers."""
    apps = ("MyApp/3.9", "MyApp/3.10", "", "MyApp/3.10", "Kiosk/12.0.1-beta", "\u202e<b>" + "W" * 36 + "/1")
    for at in range(200):
        yield now - at * HOUR, "login.ok", first + at * 7 % 250, "oauth", "198.51.100.3", apps[at % len(apps)]


def _devices(user: int, number: int, now: int) -> Iterator[Row]:
    """The nasty names are those used last."""
    for at in range(number):
        name = NASTY[at] if at < len(NASTY) else f"Galaxy S24 {at}"
        yield _token(at, user, now - (at + 5) * MINUTE, now + 30 * DAY, name)


def _personal(user: int, now: int) -> Iterator[Row]:
    """A third of them expired, some that never expire, some never used. The nasty names are the newest."""
    for at in range(60):
        name = NASTY[59 - at][:100] if 60 - at <= len(NASTY) else f"Nightly build {at}"
        made = now - (60 - at) * DAY
        expiry = (made + DAY // 2, now + (at + 1) * DAY, NEVER)[at % 3]
        yield _token(at, user, made + at % 4 * HOUR, expiry, "", "personal", name, made)


def _servers(first: int, now: int) -> Iterator[Row]:
    """API tokens: most are of servers. Some have not been used for long, and two expire soon."""
    scopes = ("introspect", "stream", "introspect revoke stream")
    for at, name in enumerate(("video server", "orders", "Auth.CreateApiToken", "old media server", *NASTY)):
        used, expiry = now - at * 47 * DAY, now + (at + 1) * 3 * DAY if at < 3 else NEVER
        row = _token(at, 0 if at % 3 else first + at, used, expiry, "", "api", name[:100], used - 30 * DAY)
        address = "2001:db8:85a3:1234:5678:8a2e:370:7334" if at % 2 else "203.0.113.77"
        yield *row, address, f'{{"scope": "{scopes[at % 3]}"}}'


def _token(
    at: int, user: int, used: int, expiry: int, device: str, kind: str = "mobile", name: str = "", made: int = 0
) -> Row:
    digest = sha256(f"{kind} {user} {at}".encode()).hexdigest()
    address = f"2001:db8::{at:x}" if at % 3 == 0 else f"198.51.100.{at % 250 + 1}"
    return digest, user, made or used - DAY, expiry, used, device, kind, name or None, address


def _logins(now: int) -> Iterator[Row]:
    """Busy by day, and a night on which somebody guessed."""
    for ago in range(32 * 24):
        moment = time.gmtime(now // HOUR * HOUR - ago * HOUR)
        busy = 0.08 + max(0.0, math.sin((moment.tm_hour - 6) / 24 * math.tau))
        guessed = 3000 if 200 <= ago < 205 else 0
        counts = {"ok": 900 * busy, "failed": 50 * busy + guessed, "throttled": 7 * busy + guessed}
        for outcome, logins in counts.items():
            yield time.strftime("%Y-%m-%d %H:00:00", moment), "oauth", outcome, int(logins)
            yield time.strftime("%Y-%m-%d %H:00:00", moment), "console", outcome, int(logins / 9)


def _waiting(first: int, now: int) -> Iterator[Row]:
    """Of every scope, of somebody and of nobody."""
    rows = [("pair", first + 1, "", "203.0.113.9", 6, 30), ("pair", 0, "0" * 64, "203.0.113.9", 12, 800)]
    rows += [("pair", user, "", "2001:db8:1:2::", 9, 300) for user in range(first + 2, first + 5)]
    rows += [("address", 0, "", "203.0.113.9", 400, 2 * HOUR), ("account", first + 5, "", "", 140, 90)]
    rows += [("everyone", 0, "", "", 20_000, 45)]
    for scope, user, digest, address, failures, wait in rows:
        yield scope, user, digest, address, failures, now + DAY, now + wait, now + DAY


def _events(first: int, now: int) -> Iterator[Row]:
    """What happened to OWNER: sign-ins of devices of nasty names, failures, and what others did."""
    owner, boss = first + 1, f"user {first}"
    for at, text in enumerate(NASTY):
        address = "2001:db8:85a3:1234:5678:8a2e:370:7334"
        yield now - at * HOUR, "login.ok", owner, "oauth", 0, address, text, text[:64], "", "", 1
        yield now - at * DAY, "token.revoked", owner, "", 7, "198.51.100.7", text[:100], "", "personal", boss, 1 + at
    yield now - MINUTE, "login.failed", owner, "console", 0, "203.0.113.9", "Firefox, Windows", "", "password", "", 12
    yield now - 2 * MINUTE, "login.throttled", owner, "oauth", 0, "203.0.113.9", "Pixel 9", "MyApp/3.2", "pair", "", 140
    yield now - HOUR, "login.ok", owner, "oauth", 0, "198.51.100.7", "Galaxy S24", "MyApp/3.2", "", "", 1
    yield now - DAY, "user.enabled", owner, "", 0, "", "", "", "", "an.operator.of.a.very.long.name", 1


def _attack(first: int, now: int) -> Iterator[Row]:
    """Somebody guesses from one address and gets in, others from an IPv6 network, and one person mistypes."""
    for at in range(240):
        yield now - at * 11, "login.failed", first + at % 40, "203.0.113.9", "password", 1 + at % 5
        yield now - at * 3, "login.failed", 0, f"2001:db8:1:2::{at:x}", "username", 1
    yield now - 400, "login.ok", first + 2, "203.0.113.9", "", 1
    yield now - 200, "login.failed", first + 1, "198.51.100.4", "password", 2
    yield now - 190, "login.ok", first + 1, "198.51.100.4", "", 1
    yield now - 100, "login.failed", 0, "", "username", 4321
    yield now - 90, "login.throttled", first + 5, "198.51.100.77", "everyone", 57


def _literal(value: int | str | None) -> str:
    if isinstance(value, str):
        return f"_utf8mb4 X'{value.encode().hex()}'"
    return "NULL" if value is None else str(value)
