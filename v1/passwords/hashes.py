"""Checks and creates password hashes as PHP does. Every refused password costs the work of one hash."""

import hmac
import re
from dataclasses import dataclass, field

import argon2.exceptions
import argon2.low_level
import bcrypt

from v1.passwords.crypt import Crypt, load

# Limits on a stored hash: one that demands more work or memory is not checked, so that no row can exhaust the service.
MAX_BCRYPT_COST = 15
MAX_SHA_ROUNDS = 200_000
MAX_CRYPT_BYTES = 511  # libxcrypt refuses longer passwords
MAX_ARGON2_KIB = 64 * 1024
MAX_ARGON2_PASSES = 10
MAX_ARGON2_LANES = 16

_BCRYPT = re.compile(rb"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}")
# Rounds and salts that libxcrypt reads. PHP also makes hashes with any other byte in a salt.
_ROUNDS = rb"1|[56](?:\$rounds=([1-9]\d{3,8})|(?!\$rounds=))"
_CRYPT = re.compile(rb"\$(?:" + _ROUNDS + rb")\$[^\0- $!*:;\\\x7f-\xff]{0,16}\$[./A-Za-z0-9]{22,86}")
_ARGON2 = re.compile(rb"\$argon2(id?)\$v=\d+\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[+/A-Za-z0-9]+\$[+/A-Za-z0-9]+")
_DUMMY_SALT = b"7Gb1l2yQ6gBzJ5x1UwXn3O"  # ends in one of ".Oeu": the bcrypt package refuses other salts


@dataclass(frozen=True)
class Check:
    """The result of a check. `readable` is False if the stored value is not a hash, or is beyond the limits."""

    ok: bool
    needs_rehash: bool = False
    readable: bool = True
    algorithm: str = "bcrypt"


@dataclass(frozen=True)
class Passwords:
    """Checks and creates hashes. `cost` is the bcrypt cost of new hashes: each step doubles the time of a login."""

    cost: int
    crypt: Crypt = field(default_factory=load)

    def hash(self, password: bytes) -> bytes:
        """A new bcrypt hash. It begins with `$2y$`, as PHP would rehash `$2b$`. Raises ValueError on a NUL."""
        if b"\0" in password:
            raise ValueError("a password cannot hold a NUL byte")
        setting = b"$2y$" + bcrypt.gensalt(self.cost)[4:]
        hashed = self.crypt(password[:72], setting)
        if hashed is None:
            raise RuntimeError("crypt could not hash with its own setting")
        return hashed

    def check(self, password: bytes, stored: bytes | None) -> Check:
        """Whether the password matches the stored hash, as PHP's `password_verify` says.

        `stored` is None for a user that does not exist. A password with a NUL never matches. A refusal costs at least
        the work of one hash at the configured cost, and exactly that if the stored hash is bcrypt of a lower cost.
        """
        if stored is None or b"\0" in password:
            return self._refused(password, Check(False))
        if match := _BCRYPT.fullmatch(stored):
            if 4 <= (cost := int(match[1])) <= MAX_BCRYPT_COST:
                return self._check_bcrypt(password, stored, cost)
        elif match := _ARGON2.fullmatch(stored):
            if _argon2_within_limits(match):
                return self._check_other(password, _argon2_verify(password, stored, match[1]), "argon2")
        elif match := _CRYPT.fullmatch(stored):
            if int(match[1] or 0) <= MAX_SHA_ROUNDS and (found := self.crypt(password, stored)) is not None:
                return self._check_other(password, hmac.compare_digest(found, stored), "crypt")
            if len(password) > MAX_CRYPT_BYTES:  # only the password is too long: the stored hash is readable
                return self._refused(password, Check(False, algorithm="crypt"))
        return self._refused(password, Check(False, readable=False))

    def _check_bcrypt(self, password: bytes, stored: bytes, cost: int) -> Check:
        found = self.crypt(password[:72], stored)
        if found is not None and hmac.compare_digest(found, stored):
            return Check(True, needs_rehash=cost < self.cost or not stored.startswith(b"$2y$"))
        # A hash of cost c takes 2^c rounds. The stored one took 2^c, and these take 2^c + 2^(c+1) + .. + 2^(C-1).
        # Together that is 2^C, as much as one hash of the configured cost C.
        for step in range(cost, self.cost):
            self._dummy(password, step)
        return Check(False)

    def _check_other(self, password: bytes, ok: bool, algorithm: str) -> Check:
        if not ok:
            return self._refused(password, Check(False, algorithm=algorithm))
        # bcrypt reads 72 bytes only. A longer password keeps its old hash, which depends on every byte.
        return Check(True, needs_rehash=len(password) <= 72, algorithm=algorithm)

    def _refused(self, password: bytes, check: Check) -> Check:
        self._dummy(password, self.cost)
        return check

    def _dummy(self, password: bytes, cost: int) -> None:
        self.crypt(password.replace(b"\0", b"?")[:72], b"$2y$%02d$%s" % (cost, _DUMMY_SALT))


def readable(stored: bytes) -> bool:
    """Is this a hash within the limits? Without checking a password."""
    if match := _BCRYPT.fullmatch(stored):
        return 4 <= int(match[1]) <= MAX_BCRYPT_COST
    if match := _ARGON2.fullmatch(stored):
        return _argon2_within_limits(match)
    match = _CRYPT.fullmatch(stored)
    return match is not None and int(match[1] or 0) <= MAX_SHA_ROUNDS


def _argon2_within_limits(match: re.Match[bytes]) -> bool:
    memory, passes, lanes = (int(match[group]) for group in (2, 3, 4))
    return memory <= MAX_ARGON2_KIB and passes <= MAX_ARGON2_PASSES and lanes <= MAX_ARGON2_LANES


def _argon2_verify(password: bytes, stored: bytes, variant: bytes) -> bool:
    kind = argon2.low_level.Type.ID if variant == b"id" else argon2.low_level.Type.I
    try:
        return argon2.low_level.verify_secret(stored, password, kind)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
