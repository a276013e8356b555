"""Allows one program of a kind in each checkout."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.private_server import ServerError


@contextmanager
def only_one(lock: Path, refusal: str) -> Iterator[None]:
    """Hold this lock while the block runs. The kernel frees it when the process ends, even in a crash.

    Raises ServerError with the text of `refusal` if another process holds it.
    """
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerError(refusal) from None
        yield
