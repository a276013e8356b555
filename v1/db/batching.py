"""Owns the gathering of look-ups: those asked for while one is under way go to the database together, as the next.

A single client notices nothing. With many, a crowd of token checks takes a few SELECTs, and nobody waits for company:
the next leaves as soon as the one before is back. A look-up never leaves before it was asked for, so that whatever was
revoked by then is not found.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

PATIENCE_SECONDS: Final = 0.5
"""How long a look-up that stalls, on its connection or in the server, holds up the next one."""

Key = TypeVar("Key")
Found = TypeVar("Found")


class Batching(Generic[Key, Found]):
    """Look-ups of one kind, safe to share between threads. Of those that wait, the first asks for all."""

    def __init__(self, look_up: Callable[[list[Key]], Mapping[Key, Found]]) -> None:
        """`look_up` finds several keys at once; what is nowhere is not in its answer."""
        self._look_up = look_up
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[Key] = []
        self._answer: Future[Mapping[Key, Found]] = Future()

    def get(self, key: Key) -> Found | None:
        """What is found under the key. Raises whatever the look-up does, to all that went together."""
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
        with self._lock:
            keys, self._waiting = self._waiting, []
            answer, self._answer = self._answer, Future()
        try:
            answer.set_result(self._look_up(keys))
        except BaseException as error:
            answer.set_exception(error)
