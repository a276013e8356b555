"""A database as large as the console is measured on: 1,000,000 users, 10,000,000 sessions, events and failures."""

from typing import Final

from bench.place import Place, new_database
from bench.report import progress
from bench.sessions import BATCH, in_batches, make_room, settle
from tools.private_server import Server

NAME: Final = "gatepass_crowd"
USERS: Final = 1_000_000
SESSIONS: Final = 10_000_000
EVENTS: Final = 1_000_000
API_TOKENS: Final = 100_000

_FIRST: Final = (
    "'Ali','Anna','Can','Deniz','Elif','Emre','Eva','Jo','Lena','Mert','Noor','Sam','Zeynep','Ayşe','Şule','Ines'"
)
_LAST: Final = "'Yılmaz','Çağlayan','Smith','Müller','Iğdır','Garcia','Aksoy','Ivanov','Demir','Öztürk','Ito'"
_PERSON: Final = f"ELT(1 + seq MOD 16, {_FIRST})"
_HASH: Final = "$2y$10$7Gb1l2yQ6gBzJ5x1UwXn3OYp.WSVpYQ8ik8Nwg8V1eEJrpjBXGLO12"

_USERS: Final = (
    "INSERT INTO users (id, username, password, creation_time, remote_ip)"
    " SELECT 1000 + seq, CONCAT('person', seq), CONCAT(IF(seq MOD 30 = 29, '!', ''), '" + _HASH + "'),"
    " NOW() - INTERVAL seq MINUTE, '192.0.2.1' FROM seq_{first}_to_{last}"
)
_PROFILES: Final = (
    "INSERT INTO profiles (user_id, full_name, email)"
    f" SELECT 1000 + seq, CONCAT({_PERSON}, ' ', ELT(1 + seq MOD 11, {_LAST})),"
    " CONCAT('person', seq, '@', IF(seq MOD 5, 'example.com', CONCAT('mail', seq MOD 997, '.example.org')))"
    " FROM seq_{first}_to_{last}"
)
_WORDS: Final = tuple(
    f"INSERT IGNORE INTO profile_words (word, user_id) SELECT {word}, user_id FROM profiles"
    " WHERE user_id BETWEEN 1000 + {first} AND 1000 + {last}"
    for word in (
        *("SUBSTRING_INDEX(full_name, ' ', 1)", "SUBSTRING_INDEX(full_name, ' ', -1)"),
        *("email", "SUBSTRING(email, LOCATE('@', email))"),
    )
)
_TOKENS: Final = (
    "INSERT INTO auth_tokens"
    " (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, remote_ip)"
    " SELECT {key}, 1001 + seq * 7919 MOD 1000000, UNIX_TIMESTAMP() - 86400 - seq MOD 2000000,"
    " UNIX_TIMESTAMP() + 86400 * 3 + seq * 7919 MOD 2400000, UNIX_TIMESTAMP() - seq MOD 86400 {idle},"
    " {device}, {kind}, {name},"
    " IF(seq MOD 3, CONCAT('10.', seq MOD 251, '.', seq DIV 251 MOD 256, '.', seq DIV 64256 MOD 256),"
    " CONCAT('2001:db8:', LOWER(HEX(seq MOD 65536)), '::1')) FROM seq_{{first}}_to_{{last}}"
)
_SESSIONS: Final = _TOKENS.format(
    key="SHA1(CONCAT('crowd', seq))",
    idle="",
    device="CASE WHEN seq MOD 10 < 5 THEN 'iPhone 15' WHEN seq MOD 10 < 9 THEN CONCAT('Pixel ', seq MOD 97)"
    " ELSE CONCAT('Galaxy ', seq) END",
    kind="'mobile'",
    name="NULL",
)
_API_TOKENS: Final = _TOKENS.format(
    key="SHA2(CONCAT('crowd', seq), 256)",
    idle="- IF(seq MOD 4, 0, 86400 * 120)",
    device="''",
    kind="IF(seq MOD 10, 'personal', 'api')",
    name="CONCAT('program ', seq)",
)
_EVENTS: Final = (
    "INSERT INTO events (time, event, user_id, door, address, device, app, reason)"
    " SELECT UNIX_TIMESTAMP() - 90 * 86400 + FLOOR(seq * 90 * 86400 / 1000000),"
    " IF(seq MOD 10, 'login.ok', 'login.failed'), 1001 + seq * 7919 MOD 1000000, 'oauth',"
    " CONCAT('10.', seq MOD 251, '.', seq DIV 251 MOD 256, '.1'), 'iPhone 15', CONCAT('MyApp/3.', seq MOD 13),"
    " IF(seq MOD 10, '', 'password') FROM seq_{first}_to_{last}"
)
_ATTACK: Final = (
    "INSERT INTO events (time, event, user_id, door, address, reason)"
    " SELECT UNIX_TIMESTAMP() - seq MOD 3500, 'login.failed', 1001 + seq, 'oauth',"
    " CONCAT('198.51.100.', seq MOD 250), 'password' FROM seq_{first}_to_{last}"
)
_THROTTLE: Final = (
    "INSERT INTO login_throttle (scope, user_id, address, failures, window_end, blocked_until, expiry)"
    " SELECT 'pair', 1001 + seq, CONCAT('198.51.100.', seq MOD 250), 9, UNIX_TIMESTAMP() + 86400,"
    " IF(seq MOD 50, 0, UNIX_TIMESTAMP() + 7200), UNIX_TIMESTAMP() + 86400 FROM seq_{first}_to_{last}"
)


def filled(place: Place, users: int = USERS, sessions: int = SESSIONS) -> str:
    """The name of a database of this size; made at the first call."""
    if NAME not in place.server.sql("SHOW DATABASES").split():
        make_room(place.server, sessions)
        new_database(place.server, NAME)
        fill(place.server, NAME, users, sessions)
        settle(place.server)
    return NAME


def fill(server: Server, database: str, users: int, sessions: int) -> None:
    """Add the rows to a migrated database. Ten million sessions take about a quarter of an hour."""
    share = sessions / SESSIONS
    for statement in (_USERS, _PROFILES, *_WORDS):
        in_batches(server, database, statement, 1, users)
    in_batches(server, database, _SESSIONS, 1, sessions)
    in_batches(server, database, _API_TOKENS, 1, max(1, int(API_TOKENS * share)))
    in_batches(server, database, _EVENTS, 1, max(1, int(EVENTS * share)))
    for statement in (_ATTACK, _THROTTLE):
        in_batches(server, database, statement, 1, max(1, int(BATCH * share)))
    progress(f"counting the keys of {database}")
    server.sql("ANALYZE TABLE users, profiles, profile_words, auth_tokens, events, login_throttle", database)
