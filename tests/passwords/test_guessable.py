"""New passwords that are guessed first."""

import subprocess
import sys

import pytest

from v1.passwords import guessable

COMMON = ["password", "PassWord", "12345678", "QWERTYUIOP", "iloveyou1", "fenerbahce", "пароль", "ПАРОЛЬ"]
NAMED = ["ayse.yilmaz", "AYSE.Yilmaz", "ayse.yilmaz1", "ayse.yilmaz-2026!", "19900131ayse.yilmaz"]
NAMED += ["Ayse.Yilmazayse.yilmaz"]
SERVICE = ["gatepass", "GatePass2026", "!!gatepass!!", "gatepassgatepass1"]
GOOD = ["correct horse", "gatepass is down", "my ayse.yilmaz", "password of mine", "ayse.yilmaz831799251", ""]
GOOD += ["\n", "x" * 100_000]
GOOD += ["password\n123456", "123456\npassword", "\ud800", "\0", "# Licence of Django"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        *((each, "common") for each in COMMON),
        *((each, "username") for each in NAMED),
        *((each, "service") for each in SERVICE),
        *((each, None) for each in GOOD),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_why_a_password_is_easily_guessed(password: str, reason: str | None) -> None:
    assert guessable.reason(password, "Ayse.Yilmaz") == reason


@pytest.mark.parametrize("username", ["", "a", "1", "5551234", "ş", "\u202e", "x" * 10_000])
def test_whatever_the_name_is_it_is_refused_as_a_password_and_a_phrase_is_not(username: str) -> None:
    assert guessable.reason(username, username) == ("username" if username else None)
    assert guessable.reason(f"{username}!!", username) == ("username" if username else None)
    assert guessable.reason("correct horse", username) is None


def test_the_list_is_whole_and_as_it_is_compared() -> None:
    lines = guessable._LIST.read_text().splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert len(words) == len(set(words)) > 19_000 and words[0] == "123456"
    assert [word for word in words if word != word.casefold() or not word.strip()] == []
    assert any("gist.github.com" in line for line in lines) and any("Redistribution" in line for line in lines)


def test_it_is_read_when_it_is_first_needed() -> None:
    code = "import v1; from v1.passwords import guessable; print(guessable._common.cache_info().misses)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "0\n"
