"""Tokens of every kind to measure with: minted by the service's own code in this process, and looked up by it."""

import time
from collections.abc import Sequence
from typing import Final

from bench.place import Place
from bench.report import BenchError, progress
from bench.sessions import FIRST_USER, settle
from v1.auth import core as parts
from v1.records import Client, Issued, PresentedToken, Principal
from v1.settings import load
from v1.tokens import find, issue, pairs, revoke
from v1.tokens.stream_grants import Grant

STREAM: Final = "camera17"
"""The stream that stream tokens are for; they allow `live` alone."""

DAY: Final = 86_400
CLIENT: Final = Client("bench", "127.0.0.1", "bench")
NOBODY: Final = Principal(0, "", 0, False)

_NOT_NOTED = "UPDATE auth_tokens SET last_access = UNIX_TIMESTAMP() + 86400 WHERE device_info = 'bench'"
"""They count as checked just now for the whole run, as the even ones of bench/sessions.py."""


class Minted:
    """So many tokens of each kind, in a database that bench/sessions.py has filled.

    `texts` by kind: the number n of each is that of the user `owner(n)`, but API and stream tokens are nobody's.
    `revoked` by kind: one that was good once.
    """

    def __init__(self, place: Place, database: str, count: int) -> None:
        self._core = parts.build(load(place.environment(database=database)))
        made = []
        for number in range(count + 1):
            progress(f"minting: {number:,} of {count:,} of each kind")
            made.append(self._one_of_each(number))
        for text in made[-1].values():
            revoke.presented(self._core, text, "")
        self.revoked = made.pop()
        self.texts = {kind: [one[kind] for one in made] for kind in self.revoked}
        place.server.sql(_NOT_NOTED, database)
        settle(place.server)

    def must_be_live(self, kind: str, texts: Sequence[str]) -> None:
        """Raises BenchError unless these are different tokens of that kind, and each is good."""
        core, now = self._core, int(time.time())
        found = [find.check(core, text, now) for text in texts]
        live = [proven for proven in found if proven and proven[1].kind == kind]
        if len(live) < len(texts) or len(set(texts)) < len(texts) or not texts:
            raise BenchError(f"of {len(texts)} new tokens {len(live)} were live and of kind {kind}")

    def _one_of_each(self, number: int) -> dict[str, str]:
        core, now, user = self._core, int(time.time()), owner(number)
        mobile = issue.mobile(core, user, CLIENT, now)
        access, refresh = pairs.issue_pair(core, user, CLIENT, now * 1000)
        api = issue.api(core, 0, "bench", ("stream",), now, issue.NEVER, CLIENT)
        grant = Grant(STREAM, live=True)
        stream = issue.stream(core, NOBODY, self._proof(api, now), grant, now, now + DAY, CLIENT)
        management = issue.management(core, user, CLIENT, now, DAY)
        by = self._proof(management, now)
        personal = issue.personal(core, user, by, "bench", CLIENT, now, now + DAY)
        every = (mobile, access, refresh, api, stream, management, personal)
        return {issued.token.kind: issued.secret for issued in every}

    def _proof(self, issued: Issued, now: int) -> PresentedToken:
        found = find.check(self._core, issued.secret, now)
        if found is None:
            raise BenchError(f"a new {issued.token.kind} token was not found")
        return found[1]


def owner(number: int) -> Principal:
    """The user, one of bench/sessions.py, whose tokens have this number."""
    return Principal(FIRST_USER + number, f"session{number}", 0, False)
