"""The stopwatch inside the process: the own time of named functions of v1, without that of the ones they call."""

import importlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

Steps = Mapping[str, str]
"""A step's name and its function, or several: `module:name` with spaces between."""

LOGIN = {
    "everything else (request and response objects, headers, test client)": "flask:Flask.__call__",
    "reading the request": "v1.doors.mobile.oauth:read",
    "SELECT of the user and the throttle": "v1.db.tables.users:Users.find_for_login",
    "what the throttle says": "v1.auth.throttle:check",
    "the way to the hashing thread and back": "v1.passwords.hashing_threads:Hashing.run",
    "the hash": "v1.passwords.hashes:Passwords.check",
    "is the connection alive (a round trip)": "v1.db.connection:alive",
    "minting": "v1.tokens.issue:mobile",
    "INSERT of the token": "v1.db.tables.tokens:Tokens.add",
    "the answer": "v1.doors.mobile.oauth:answer",
    "a line of an event (two of them)": "v1.auth.core:Core.event",
    "the access log": "v1.observe.logs:access",
}

CHECK = {
    "everything else (slashes, request id, headers)": "flask:Flask.__call__",
    "reading the header": "v1.auth.guard:begin_check",
    "the digest": "v1.tokens.find:auth_key_of",
    "SELECT": "v1.db.pool:Database.read",
    "row into objects": "v1.db.tables.tokens:Tokens.live",
    "kind and scope, noting the use": "v1.auth.guard:finish_check",
    "the answer's headers": "v1.doors.mobile.verify:answer",
    "the access log": "v1.observe.logs:access_line",
}


class Spans:
    """Measures one request at a time. `own` maps a step to its seconds, call by call."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.own: dict[str, list[float]] = {label: [] for label in steps}
        self.missing: list[str] = []
        self._inner = [0.0]

    @contextmanager
    def installed(self) -> Iterator[None]:
        """While the block runs every step is timed; a step that v1 no longer has is left out."""
        with ExitStack() as stack:
            for label, places in self._steps.items():
                for place in places.split():
                    self._install(stack, label, place)
            yield
        self.missing = [label for label, samples in self.own.items() if not samples]

    def _install(self, stack: ExitStack, label: str, place: str) -> None:
        module, _, name = place.partition(":")
        try:
            *owners, last = name.split(".")
            owner: Any = importlib.import_module(module)
            for part in owners:
                owner = getattr(owner, part)
            stack.enter_context(patch.object(owner, last, self._timed(label, getattr(owner, last))))
        except (ImportError, AttributeError):
            pass

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
