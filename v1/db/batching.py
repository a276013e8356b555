"""Batches look-ups: all that are requested while a batch runs go to the database together, as the next batch.

A hundred concurrent token checks take only a few SELECTs. A batch starts as soon as the one before has ended: it never
waits for more look-ups to join, so a single client notices nothing. The SELECT of a look-up always starts after its
request, so it never finds a token that was revoked before the request.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

PATIENCE_SECONDS: Final = 0.5
"""How long a batch waits for the one before. If that one stalls, in the server or on its connection, both run at once.
"""

Key = TypeVar("Key")
Found = TypeVar("Found")


class Batching(Generic[Key, Found]):
    """Look-ups of one kind, in batches. Safe to share between threads.

    The first thread in a batch runs it for all. While it waits for the batch before, others join.
    """

    def __init__(self, look_up: Callable[[list[Key]], Mapping[Key, Found]]) -> None:
        """`look_up` finds several keys at once. A key that it does not find is missing in its answer."""
        self._look_up = look_up
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[Key] = []
        self._answer: Future[Mapping[Key, Found]] = Future()

    def get(self, key: Key) -> Found | None:
        """What the look-up finds for this key, or None. An error is raised in every thread of the batch."""
        with self._lock:
            self._waiting.append(key)
            first, answer = len(self._waiting) == 1, self._answer
        if first:
            in_turn = self._turn.acquire(timeout=PATIENCE_SECONDS)
            try:
                self._ask()
            finally:
                if in_turn:
                    self._turn.release()
        return answer.result().get(key)

    def _ask(self) -> None:
        """Run the batch that is waiting; later requests join a new one."""
        with self._lock:
            keys, self._waiting = self._waiting, []
            answer, self._answer = self._answer, Future()
        try:
            answer.set_result(self._look_up(keys))
        except BaseException as error:
            answer.set_exception(error)
