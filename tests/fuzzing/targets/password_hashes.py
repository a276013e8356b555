"""Stored hashes: any bytes in the column are checked within the limits, and a password matches where PHP says so."""

from tests.fuzzing import php
from v1.passwords import hashes
from v1.passwords.hashes import Passwords

PASSWORD = b"password"
COST_4 = b"$2y$04$CmaSFaeUzyfNCL4czC1qfuXE2agsvV8eiwa5g2ZgVqZFIq4i/1vdu"
SEEDS = (
    COST_4,
    COST_4.replace(b"2y", b"2a"),
    b"$1$salt$qJH7.N4xYta3aEG/dfqo/0",
    b"$5$rounds=1000$salt$" + b"a" * 43,
    b"$6$rounds=1000$salt$" + b"a" * 86,
    b"$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$9vLJmVoa2vVTkbb5hGJ7aCcbCPnGyQ4YN9hZqJy0HdE",
    b"$argon2i$v=19$m=65537,t=1,p=1$c2FsdHNhbHQ$AAAA",
    b"!" + COST_4,
    b"",
)
WORDS = (b"$2y$", b"$2b$04$", b"$5$", b"$6$", b"$argon2id$v=19$", b"m=8,t=1,p=1", b"rounds=", b"$", b"*0", b"\n", b"\0")
LONGEST = 160
PASSWORDS = Passwords(4)


def check(data: bytes) -> None:
    if costly(data):
        return
    found = PASSWORDS.check(PASSWORD, data)
    assert found.readable == hashes.readable(data), "one says that it is readable, the other that it is not"
    assert not (found.ok and not found.readable)
    if found.ok:
        assert not PASSWORDS.check(PASSWORD + b"x", data).ok
    if b"\0" not in data:
        said = php.ask("p", bytes([len(PASSWORD)]) + PASSWORD + data) if found.readable else None
        assert said is None or found.ok == (said == b"1")


def costly(data: bytes) -> bool:
    """Does it take more than some milliseconds, though it is within the limits? The limits have their own tests."""
    cost = hashes._BCRYPT.fullmatch(data)
    rounds = hashes._CRYPT.fullmatch(data)
    argon2 = hashes._ARGON2.fullmatch(data)
    return bool(
        (cost and 6 < int(cost[1]) <= hashes.MAX_BCRYPT_COST)
        or (rounds and 10_000 < int(rounds[1] or 0) <= hashes.MAX_SHA_ROUNDS)
        or (argon2 and int(argon2[2]) * int(argon2[3]) > 4096)
    )
