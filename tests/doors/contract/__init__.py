"""What every door promises, as test classes. A door's test file subclasses them, and their tests run for that door.

    DoorContract    any door: its words for a dead database, an unknown path, an error; caches, logs, OPTIONS
    LoginContract   a door that takes a password and gives a token
    TokenContract   a door that a token opens

A subclass says how the door is used and how its answers are recognised. Tests that try every door (the matrix of
kinds, a dead database, the OpenAPI document, the log) find these classes by themselves: see tests/doors/every_door.py.
"""

from tests.doors.contract.door import DEAD, MakeService
from tests.doors.contract.login import LoginContract
from tests.doors.contract.promises import DoorContract
from tests.doors.contract.token import TokenContract

__all__ = ["DEAD", "DoorContract", "LoginContract", "MakeService", "TokenContract"]
