"""The people of a soak: their users, and the tokens that they hold when it begins."""

import time
from collections import deque
from typing import Final

from bench.minted import CLIENT, DAY
from bench.place import COST, PASSWORD, Place, add_user
from bench.soak_person import HELD, Keys, Person
from v1.auth import core as parts
from v1.passwords.hashes import Passwords
from v1.records import Principal
from v1.settings import load
from v1.tokens import issue, pairs

CLIENTS: Final = 32
SCOPES: Final = ("introspect", "stream")


def people(place: Place, database: str, port: int) -> list[Person]:
    """The users, with what they hold at the beginning."""
    stored, now = Passwords(COST).hash(PASSWORD), int(time.time())
    for number in range(CLIENTS):
        add_user(place.server, f"soak{number}", stored, database)
    place.server.sql("UPDATE users SET is_admin = 1 WHERE username LIKE 'soak%'", database)
    rows = place.server.sql("SELECT username, id FROM users WHERE username LIKE 'soak%'", database).split()
    ids = dict(zip(rows[::2], map(int, rows[1::2]), strict=True))
    core = parts.build(load(place.environment(database)))
    introspect, stream = (issue.api(core, 0, each, (each,), now, issue.NEVER, CLIENT).secret for each in SCOPES)
    found = []
    for number in range(CLIENTS):
        owner = Principal(ids[f"soak{number}"], f"soak{number}", 0, True)
        session = issue.console(core, owner, CLIENT, now, DAY // 2).secret
        live = deque(issue.mobile(core, owner, CLIENT, now).secret for _ in range(HELD))
        _, refresh = pairs.issue_pair(core, owner, CLIENT, now * 1000)
        found.append(Person(port, number, Keys(introspect, stream, session), live, refresh.secret))
    core.close()
    return found
