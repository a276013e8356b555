"""A main loop with nothing but look-ups, and the tokens that its tests look up."""

import hashlib
import selectors
from collections.abc import Callable

from gunicorn.workers.gthread import PollableMethodQueue

from tests.conftest import NOW
from tests.db.in_line import running
from tests.e2e.faults import until
from tests.numbers import numbers
from tools.private_server import Server
from v1.auth.core import Core
from v1.errors import DatabaseDown
from v1.server.worker.look_ups import LookUps, Row

TOKENS = 500

DIGESTS = [hashlib.sha256(str(number).encode()).hexdigest()[:40] for number in range(1, 2 * TOKENS)]
"""Of tokens with ids from 1 on. The second half are digests of no token."""

CHECK = "auth_tokens.check"

FILL = f"""
INSERT INTO users (id, username, password, creation_time, remote_ip) VALUES (1, 'admin', 'x', NOW(), '');
INSERT INTO auth_tokens (id, auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip)
SELECT seq, LEFT(SHA2(seq, 256), 40), 1, 0, {2 * NOW}, {NOW}, '', '' FROM {numbers(TOKENS)};
"""


class Loop:
    """A main loop with nothing but look-ups. Who asks is a number; `found` is what each has got."""

    def __init__(self, core: Core) -> None:
        self.poller, self.queue = selectors.DefaultSelector(), PollableMethodQueue()
        self.queue.init()
        self.poller.register(self.queue.fileno(), selectors.EVENT_READ, self.queue.run_callbacks)
        self.look_ups: LookUps[int] = LookUps(core, self.poller, self.queue.defer)
        self.found: dict[int, Row] = {}
        self.asked: dict[int, str] = {}

    def ask(self, *auth_keys: str) -> list[int]:
        """Ask for each of these. The numbers of those who ask."""
        asking = list(range(len(self.asked), len(self.asked) + len(auth_keys)))
        for number, auth_key in zip(asking, auth_keys, strict=True):
            self.asked[number] = auth_key
            self.look_ups.add(auth_key, number)
        return asking

    def round(self) -> None:
        for key, _ in self.poller.select(min(0.02, self.look_ups.seconds_to_wait())):
            key.data(key.fileobj)
        for number, row in self.look_ups.next_round():
            assert number not in self.found, "answered twice"
            self.found[number] = row

    def run(self, condition: Callable[[], bool], what: str) -> None:
        until(lambda: self.round() or condition(), what)

    def answers(self, numbers: list[int]) -> list[Row]:
        """What these get, once all of them have got something."""
        self.run(lambda: self.found.keys() >= set(numbers), "all are answered")
        return [self.found[number] for number in numbers]

    def are_right(self, numbers: list[int]) -> bool:
        """Whether each of these gets the row of its own digest."""
        ids = [int(row.split(" ")[0]) if isinstance(row, str) else row for row in self.answers(numbers)]
        places = [DIGESTS.index(self.asked[number]) for number in numbers]
        return ids == [place + 1 if place < TOKENS else None for place in places]

    def fail(self, numbers: list[int]) -> bool:
        """Whether each of these gets DatabaseDown."""
        return all(isinstance(row, DatabaseDown) for row in self.answers(numbers))

    def close(self) -> None:
        self.run(lambda: not self.look_ups._connecting, "no connection is being made")
        self.look_ups.close()
        self.poller.close()
        self.queue.close()


def at_the_server(loop: Loop, server: Server, number: int = 1) -> None:
    """Wait until so many SELECTs are under way there."""
    asked, there = loop.look_ups._under_way, lambda: running(server, CHECK)
    loop.run(lambda: len(asked) == number == there(), f"{number} SELECTs are under way")
