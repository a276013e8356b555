"""How many random examples the tests try: some in every run, all of them in `make fuzz`."""

import os
from typing import Final

ALL: Final = bool(os.environ.get("FUZZ"))
"""Does this run try all? `make fuzz` says so. Such tests have the mark `fuzz`, as they import `examples`."""


def examples(some: int, of: int) -> int:
    """How many of so many examples to try."""
    return of if ALL else some
