"""Token texts: only what is minted has a digest, and one wrong character in a minted text costs no query."""

import hashlib
import re

from v1 import kinds
from v1.tokens import text
from v1.wire.latin1 import decode_utf8_or_latin1

MINTED = ("gpa_" + "A" * 40, "gpm_" + "0" * 40, "gpc_" + "z" * 40)
SEEDS = (
    b"6a9382f695dc36f38e46dc08726fc8a3a22a270f", b"6A9382F695DC36F38E46DC08726FC8A3A22A270F", b"0" * 40 + b"\n",
    *(each.encode() + text._checksum(each).encode() for each in MINTED),
    b"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ." + b"A" * 43,
)
WORDS = (b"gpa_", b"gpp_", b"gpm_", b"gpc_", b"eyJ", b".", b"A" * 43, b"0" * 40, "٣".encode(), b"\n")
LONGEST = 17 * 1024
PREFIXES = tuple(kind.prefix for kind in kinds.KINDS if kind.prefix)


def check(data: bytes) -> None:
    secret = decode_utf8_or_latin1(data)
    digest = text.digest(secret)
    if digest is None:
        return
    assert secret.isascii() and not re.search(r"[^0-9A-Za-z_.-]", secret) and len(secret) <= text.LONGEST
    assert digest == (hashlib.sha1 if len(secret) == 40 else hashlib.sha256)(data).hexdigest()
    if secret.startswith(PREFIXES):
        one_wrong(secret, len(data) % 10)
    else:
        assert text.is_signed(secret) or re.fullmatch("[0-9a-f]{40}", secret)


def one_wrong(secret: str, shift: int) -> None:
    """No text that differs in one character is a token."""
    for at in range(4, len(secret)):
        other = chr(ord("A") + (ord(secret[at]) + shift) % 26)
        if other != secret[at]:
            assert text.digest(secret[:at] + other + secret[at + 1 :]) is None
