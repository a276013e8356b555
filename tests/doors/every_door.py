"""Every door that has a test class, for the tests that try all doors: they derive their lists from here.

A door enters by its own test file: each class there that subclasses LoginContract or TokenContract is found.
"""

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from tests.conftest import ROOT
from tests.doors.contract import DoorContract, LoginContract, TokenContract
from tests.doors.operations import Ask

Contract = TypeVar("Contract", bound=DoorContract)


@dataclass(frozen=True)
class Opening:
    """One thing that a token opens, at one door."""

    door: TokenContract
    name: str
    opened_by: tuple[str, ...]
    ask: Ask
    writes: bool


def doors(root: type[Contract]) -> list[Contract]:
    """Each test class of a door that is one of these, in the order of their names."""
    _load()
    found = [each for each in _below(root) if each.__name__.startswith("Test")]
    return [each() for each in sorted(found, key=lambda each: (each.__module__, each.__name__))]


def logins() -> list[LoginContract]:
    return doors(LoginContract)


def openings() -> list[Opening]:
    return [each for door in doors(TokenContract) for each in _openings(door)]


def name(door: DoorContract) -> str:
    """The name of a case: `mobile Sessions` for TestSessions in tests/doors/mobile/test_contract.py."""
    place = type(door).__module__.removeprefix("tests.doors.").removesuffix(".test_contract").replace("test_", "")
    return f"{place} {type(door).__name__.removeprefix('Test')}"


def _openings(door: TokenContract) -> Iterator[Opening]:
    """What `use` asks for, and what the class itself names further."""
    yield Opening(door, name(door), (door.kind, *door.also_opened_by), door.use, door.writes)
    for each in vars(type(door)).get("further", ()):
        yield Opening(door, f"{name(door).split()[0]} {each.name}", each.opened_by, each.ask, each.writes)


def _below(root: type[Contract]) -> set[type[Contract]]:
    return {each for child in root.__subclasses__() for each in {child} | _below(child)}


@cache
def _load() -> None:
    """Import every test file that subclasses a contract."""
    for path in sorted((ROOT / "tests/doors").rglob("test_*.py")):
        if re.search("(Login|Token)Contract", path.read_text()):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
