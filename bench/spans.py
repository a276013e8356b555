"""Owns the stopwatch inside the process: the own time of named functions of v1, without that of the ones they call."""

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

STEPS = {
    "everything else (routing, request and response objects, test client)": "flask:Flask.__call__",
    "reading the request": "v1.doors.oauth:read",
    "SELECT of the user": "v1.store:Store.find_user",
    "the hash": "v1.passwords:Passwords.check",
    "is the connection alive (a round trip)": "v1.connection:alive",
    "minting": "v1.tokens:issue",
    "INSERT of the token": "v1.store:Store.add_token",
    "the answer": "v1.doors.oauth:answer",
    "the access log": "v1.logs:access",
}


class Spans:
    """Measures in one thread. `own` maps a step to its seconds, login by login."""

    def __init__(self) -> None:
        self.own: dict[str, list[float]] = {label: [] for label in STEPS}
        self.missing: list[str] = []
        self._inner = [0.0]

    @contextmanager
    def installed(self) -> Iterator[None]:
        """While the block runs every step is timed; a step that v1 no longer has is left out."""
        with ExitStack() as stack:
            for label, place in STEPS.items():
                module, _, name = place.partition(":")
                try:
                    *owners, last = name.split(".")
                    owner: Any = importlib.import_module(module)
                    for part in owners:
                        owner = getattr(owner, part)
                    stack.enter_context(patch.object(owner, last, self._timed(label, getattr(owner, last))))
                except (ImportError, AttributeError):
                    continue
            yield
        self.missing = [label for label, samples in self.own.items() if not samples]

    def _timed(self, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **values: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **values)
            finally:
                whole = time.perf_counter() - started
                self.own[label].append(whole - self._inner.pop())
                self._inner[-1] += whole

        return timed
