"""Reads and writes `counts`, the results of long counts, and reads the rows that are counted, some at a time.

Times are Unix seconds.
"""

from dataclasses import dataclass
from typing import Final

from v1.db.pool import Database
from v1.kinds import SESSIONS

STEP: Final = 20_000
"""How many rows a step counts. One statement then takes some ten milliseconds."""

MOST: Final = 2**63 - 1
"""No id and no expiry is higher."""


@dataclass(frozen=True)
class Stored:
    """A row of `counts`. `counted` is 0, and `result` empty, until the first count has ended."""

    claimed_until: int = 0
    counted: int = 0
    result: str = ""


class Counts:
    """The table `counts`, and the tokens as they are counted."""

    def __init__(self, database: Database, step: int = STEP) -> None:
        self._database = database
        self._step = step

    def find(self, name: str) -> Stored:
        """The row of this count."""
        rows = self._database.read("counts.find", name=name)
        return Stored(*rows[0]) if rows else Stored()

    def claim(self, name: str, now: int, until: int, latest: int) -> bool:
        """Claim the count until then: True for one worker of all nodes. A claim that ends after `latest` is void."""
        return bool(self._database.write("counts.claim", name=name, now=now, until=until, latest=latest).rows)

    def renew(self, name: str, claim: int, until: int) -> bool:
        """Make the claim, which ends at `claim`, last until then. False if another worker has claimed the count."""
        return bool(self._database.write("counts.renew", name=name, claim=claim, until=until).rows)

    def finish(self, name: str, claim: int, now: int, until: int, result: str) -> None:
        """Store the result. Nobody counts again before `until`. Nothing is stored if another worker has the claim."""
        self._database.write("counts.finish", name=name, claim=claim, now=now, until=until, result=result)

    def next_expiry(self, kind: str, after: int) -> int | None:
        """The expiry of the token of this kind that is a step beyond the expiry `after`; None if there is none."""
        return self._number("counts.next_expiry", kind=kind, after=after, step=self._step)

    def tokens_before(self, kind: str, after: int, until: int | None) -> int:
        """The number of tokens of this kind that expire between these times, and at neither."""
        until = MOST if until is None else until
        return self._number("counts.tokens_before", kind=kind, after=after, until=until) or 0

    def next_token(self, kind: str, expiry: int, after: int) -> int | None:
        """The id of the token of this kind and expiry that is a step beyond the id `after`; None if there is none."""
        return self._number("counts.next_token", kind=kind, expiry=expiry, after=after, step=self._step)

    def tokens_of_expiry(self, kind: str, expiry: int, after: int, last: int | None) -> int:
        """The number of tokens of this kind and expiry with an id beyond `after`, up to `last`."""
        last = MOST if last is None else last
        return self._number("counts.tokens_of_expiry", kind=kind, expiry=expiry, after=after, last=last) or 0

    def next_device(self, after: str | None) -> str | None:
        """The device that is a step beyond the device `after`, or beyond the first row; None if there is none."""
        rows = self._database.read("counts.next_device", device_after=after, step=self._step)
        return str(rows[0][0]) if rows else None

    def devices_before(self, after: str | None, before: str | None, now: int, limit: int) -> list[tuple[str, int, int]]:
        """The devices between these two that have the most sessions: name, sessions, users. None sets no bound."""
        between = {"device_after": after, "device_before": before}
        rows = self._database.read("counts.devices_before", **between, now=now, kinds=SESSIONS, limit=limit)
        return [(str(name), int(sessions), int(users)) for name, sessions, users in rows]

    def next_user(self, device: str, first: int) -> int | None:
        """The user on this device that is a step beyond the user `first`; None if there is none."""
        return self._number("counts.next_user", device=device, first=first, step=self._step)

    def sessions_of_device(self, device: str, first: int, until: int, now: int) -> tuple[int, int]:
        """The sessions, and their users, on this device of users from `first` on and before `until`."""
        values = {"device": device, "first": first, "until": until, "now": now, "kinds": SESSIONS}
        sessions, users = self._database.read("counts.sessions_of_device", **values)[0]
        return int(sessions), int(users)

    def _number(self, statement: str, /, **values: object) -> int | None:
        rows = self._database.read(statement, **values)
        return int(rows[0][0]) if rows else None
