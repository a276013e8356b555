"""A text is equal to 1 where PHP says so."""

from tests.fuzzing import php
from v1.wire import php_numbers

SEEDS = (b"1", b"01", b" 1 ", b"+1", b"1.0", b"1e0", b"0x1", b"1a", b"", b"10e-1", b".1e1", b"1" + b"0" * 20 + b"e-20")
WORDS = (b"e", b"E", b"+", b"-", b".", b" ", b"\t", b"\v", b"\f", b"0" * 18, b"9" * 19, b"e-19", b"\0")
LONGEST = 400


def check(data: bytes) -> None:
    ours = php_numbers.equals_one(data)
    said = php.ask("n", data)
    assert said is None or ours == (said == b"1")
    if ours:
        assert abs(float(data) - 1) < 1e-9
        assert php_numbers.equals_one(b" " + data + b"\n")
