"""A clock that a test moves for several processes at once: eight bytes of a file that each has in its memory."""

import mmap
from pathlib import Path
from typing import Final

from tests.conftest import NOW

VARIABLE: Final = "LIFE_CLOCK"
"""The variable in the environment that names the file."""


class SharedClock:
    """Unix seconds, the same in every process that opened this file."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(NOW.to_bytes(8))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), 8)

    def __call__(self) -> int:
        return int.from_bytes(self._memory[:8])

    def set(self, now: int) -> None:
        """It is this second now, in all of them."""
        self._memory[:8] = now.to_bytes(8)
