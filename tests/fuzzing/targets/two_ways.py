"""The check loop answers a head as the ordinary way does, byte for byte, or declines it."""

import random
from itertools import islice

from tests.e2e.nasty_heads import FIELDS, QUERIES, NastyHeads
from tests.fuzzing import in_process
from tests.server.arriving import first_whole, one_by_one
from v1.tokens import jwt

KEY = in_process.ENVIRONMENT["TOKEN_KEYS"].encode()
TOKENS = {
    "mobile": "0" * 40,
    "short": "abc",
    "none": "",
    "not ASCII": "\xe9" * 40,
    "stream of all": jwt.sign((KEY,), {"exp": 1_900_000_000}),
    "stream expired": jwt.sign((KEY,), {"exp": 1}),
    "jwt_access": jwt.sign((KEY,), {"payload": {"t": 1, "e": 1_900_000_000_000}}),
}
SEEDS = tuple(example.raw for example in islice(NastyHeads(random.Random(16), TOKENS).examples(), 400))
WORDS = (
    *(line for lines in FIELDS.values() for line in lines if len(line) < 40),
    *QUERIES,
    *(token.encode("latin1") for token in TOKENS.values()),
    *(b"GET ", b"HEAD ", b"/v1/verify", b"/stream/check", b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b"token="),
    b"stream=cam1",
)


def check(data: bytes) -> None:
    answered = in_process.check_loop(data)
    if answered is None:
        return
    expected, keep, behind = in_process.ordinary_way(data)
    assert answered == expected, (answered, expected)
    assert keep and behind == b"", "nothing follows a plain check on its connection, and it stays open"
    if len(data) < 1000:
        assert first_whole(one_by_one(data)) == len(data), "and it was whole with its last byte"
