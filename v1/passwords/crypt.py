"""Chooses the crypt(3) implementation: the system's libxcrypt if it is installed, else the `bcrypt` package.

libxcrypt computes bcrypt a sixth faster than the package (bench/results.md), and reads the old formats `$1$`, `$5$` and
`$6$`. It is called through ctypes, which releases the GIL during the call.
"""

import ctypes
import logging
from collections.abc import Callable

import bcrypt

log = logging.getLogger(__name__)

Crypt = Callable[[bytes, bytes], bytes | None]
"""crypt(password, setting) returns the hash, or None if it cannot read the setting. The password must hold no NUL."""

_CRYPT_DATA_BYTES = 32768  # sizeof(struct crypt_data), part of libxcrypt's ABI
_PROBE = b"$2y$04$CmaSFaeUzyfNCL4czC1qfuXE2agsvV8eiwa5g2ZgVqZFIq4i/1vdu"  # PHP's hash of "password"


def load() -> Crypt:
    """libxcrypt if it computes a known hash correctly, else the package."""
    system = system_crypt()
    if system is not None and system(b"password", _PROBE) == _PROBE:
        return system
    log.warning("libcrypt.so is missing: using the slower bcrypt package; $1$, $5$ and $6$ hashes cannot be read")
    return package_crypt


def system_crypt() -> Crypt | None:
    """`crypt_rn` of the system's libxcrypt; None if it is not installed."""
    for name in ("libcrypt.so.1", "libcrypt.so.2"):
        try:
            crypt_rn = ctypes.CDLL(name).crypt_rn
        except (OSError, AttributeError):
            continue
        crypt_rn.restype = ctypes.c_char_p
        crypt_rn.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
        return lambda password, setting: _call(crypt_rn, password, setting)
    return None


def _call(crypt_rn: Callable[..., bytes | None], password: bytes, setting: bytes) -> bytes | None:
    data = ctypes.create_string_buffer(_CRYPT_DATA_BYTES)
    result = crypt_rn(password, setting, data, _CRYPT_DATA_BYTES)
    return None if result is None or result.startswith(b"*") else result


def package_crypt(password: bytes, setting: bytes) -> bytes | None:
    """The `bcrypt` package, made to act as PHP: long passwords are cut to 72 bytes, malformed settings give None."""
    try:
        return bcrypt.hashpw(password[:72], setting)
    except ValueError:
        return None
