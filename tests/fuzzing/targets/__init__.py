"""One module a target. Each has these names:

    check(data)   asserts what must hold for these bytes; an AssertionError or any other exception is a finding
    SEEDS         inputs to begin with
    WORDS         byte strings that the fuzzer puts into inputs; may be missing
    LONGEST       the longest input in bytes, 4096 if missing
"""

import importlib
import pkgutil
from types import ModuleType

LONGEST = 4096


def names() -> list[str]:
    """The names of all targets."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> ModuleType:
    """A target's module."""
    return importlib.import_module(f"{__name__}.{name}")
