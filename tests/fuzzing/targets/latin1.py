"""MySQL's latin1: every byte has a character of its own, and text that is UTF-8 is read as such."""

from v1.wire import latin1, single_line

SEEDS = (
    *(b"J\xfcrgen", "Jürgen 📱".encode(), bytes(range(256)), b"a\x81\x8d\x8f\x90\x9d"),
    "e\u0301 \u200d \u00a0".encode(),
)
WORDS = (b"\xc3\xbc", b"\xe2\x80\xa8", b"\x7f", b"\x00", b"\xed\xa0\x80", b"\xf4\x8f\xbf\xbf")


def check(data: bytes) -> None:
    text = latin1.decode(data)
    assert len(text) == len(data) and latin1.encode(text) == data
    either = latin1.decode_utf8_or_latin1(data)
    try:
        assert either == data.decode()
    except UnicodeDecodeError:
        assert either == text
    back = latin1.encode(either)
    if back is None:
        assert any(char not in latin1.CHARACTERS for char in either)
    else:
        assert latin1.decode(back) == either
    if single_line.is_single_line(either, 64):
        assert len(either) <= 64 and len(either.splitlines()) <= 1 and not {"\0", "\x7f", "\u2028"} & set(either)
