"""`debug` is compared with 1 as a real PHP compares: some thousand texts, nasty on purpose."""

import random
from collections.abc import Callable

import pytest

from tests.conftest import Service
from tools.private_server import Server
from v1.wire.php_numbers import equals_one

SPACES = [bytes([byte]) for byte in (*range(0x21), 0x85, 0xA0)]
WORDS = [
    *(b"0", b"1", b"9", b".", b"e", b"E", b"+", b"-", b"1", b"0", b"10", b"00", b" ", b"\t", b"\v", b"\0", b"e0"),
    *(b"e-1", b"x", b"_", b"1.0", b".0", b"99999999999999999999", b"00000000000000000000"),
]
KNOWN = [
    *(b"", b"1", b"01", b"1 ", b" 1", b"+1", b"-1", b"1.0", b"1e0", b"1.", b".1e1", b"10e-1", b"0x1", b"1a", b"a1"),
    *(b"1 a", b"1 1", b" ", b".", b"e", b"1e", b"1e+0", b"+ 1", b"++1", b"1,0", b"1_0", b"0b1", b"true", b"on"),
    *(b"INF", b"nan", b"1.00000000000000000001", b"0.99999999999999999999", b"0.9999999999999999", b"1e-400", b"1e400"),
    *(b"10000000000000000000e-19", b"1" + b"0" * 400 + b"e-400", b"0" * 400 + b"1", b"0." + b"0" * 400 + b"1e401"),
    *(zeros + b"1" + b"0" * n + b"e-%d" % n for n in range(15, 25) for zeros in (b"", b"00")),
    *(b"1" + b"0" * n + b".0e-%d" % n for n in range(15, 25)),
    *(b"1." + b"0" * n for n in range(15, 25)),
    *("１".encode(), "١".encode(), "1\u00a0".encode(), "\ufeff1".encode(), b"\xff1"),
    *(b"1e0000000000000000000", b"1\0", b"0" * 5000 + b"x", b" " * 5000 + b"1" + b" " * 5000),
]


def texts() -> list[bytes]:
    """Texts that hit every rule: what is white space on either side, signs, decimals, exponents, and bytes that are
    none of them."""
    choose = random.Random(1)
    around = [text for space in SPACES for text in (space + b"1", b"1" + space, space + b"1" + space + space)]
    mixed = [b"".join(choose.choices(WORDS, k=choose.randint(1, 5))) for _ in range(2000)]
    return KNOWN + around + mixed


def test_a_text_is_one_where_php_says_so(run_php: Callable[..., str], database_server: Server) -> None:
    asked = texts()
    answers = run_php("equals_one.php", database_server, TEXTS=",".join(text.hex() for text in asked))
    assert len(answers) == len(asked)
    assert [text for text, answer in zip(asked, answers, strict=True) if equals_one(text) is not (answer == "1")] == []
    assert 100 < answers.count("1") < len(asked) - 100, "both answers are there"


@pytest.mark.parametrize(
    ("debug", "on"),
    [
        *((text, True) for text in ("1", "01", "1+", "+1", "%2B1", "1.0", "1e0", "%0b1%0c%0a")),
        *((text, False) for text in ("0x1", "1a", "", "%001", "true", "2", "1%00")),
    ],
)
def test_the_door_honours_it_in_development(service: Service, debug: str, on: bool) -> None:
    body = f"username=nobody&password=x&debug={debug}"
    kind = "application/x-www-form-urlencoded"
    answer = service.client.post("/v1/oauth/", data=body, content_type=kind)
    assert ("debug" in answer.json) is on
    array = service.client.post("/v1/oauth/", data=body.replace("debug=", "debug[]="), content_type=kind)
    assert "debug" not in array.json
