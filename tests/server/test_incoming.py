"""`Incoming` calls a request whole when its last byte has arrived, in any pieces. The parser says where it ends."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz import examples
from tests.server.arriving import TAILS, expected_end, first_whole, one_by_one, reads_body
from v1.doors.body import LARGEST
from v1.server.request import incoming
from v1.server.request.incoming import Incoming

TOKEN = st.text("aZ0-!~", min_size=1, max_size=5).map(str.encode)
VALUE = st.binary(max_size=8).map(lambda raw: bytes(each for each in raw if each in b"\t" or 0x20 <= each != 0x7F))
SPACE = st.sampled_from([b"", b" ", b"\t", b" \t "])
FIELD = st.builds(lambda name, space, value: b"X" + name + b":" + space + value, TOKEN, SPACE, VALUE)
OTHER_FIELDS = st.lists(FIELD | st.sampled_from([b"Host: a", b"Expect: 100-continue"]), max_size=4, unique=True)
TARGETS = (b"/read", b"/read/x?a=/b", b"/no", b"http://a/read", b"HTTP://a:1/read?b", b"/read#x", b"//read")
REST = st.binary(max_size=30) | st.just(b"GET /no HTTP/1.1\r\n\r\n")
EXTENSION = st.sampled_from([b"", b";a", b" ; a=b", b';a="b;\xff"', b";a=b;c"])


@st.composite
def with_length(draw: Any) -> tuple[list[bytes], bytes]:
    """Fields that declare a body's length, and the body."""
    body = draw(st.binary(max_size=40))
    digits = b"0" * draw(st.sampled_from([0, 0, 1, 12])) + b"%d" % len(body)
    name = draw(st.sampled_from([b"Content-Length", b"content-length", b"CONTENT-LENGTH"]))
    field = name + b":" + draw(SPACE) + digits + draw(SPACE)
    return [field] * draw(st.sampled_from([1, 1, 2])), body


@st.composite
def chunked(draw: Any) -> tuple[list[bytes], bytes]:
    """A field that declares a body in chunks, and the body."""
    body = b""
    for data in [*draw(st.lists(st.binary(min_size=1, max_size=20), max_size=4)), b""]:
        size = draw(st.sampled_from([b"%x", b"%X", b"%010x"])) % len(data)
        body += size + draw(EXTENSION) + b"\r\n" + (data + b"\r\n" if data else b"")
    trailers = draw(st.lists(FIELD, max_size=2))
    codings = draw(st.sampled_from([b"chunked", b"Chunked", b"identity, chunked", b"gzip,chunked"]))
    name = draw(st.sampled_from([b"Transfer-Encoding", b"transfer-encoding"]))
    field = name + b":" + draw(SPACE) + codings + draw(SPACE)
    return [field], body + b"".join(trailer + b"\r\n" for trailer in trailers) + b"\r\n"


@st.composite
def requests(draw: Any) -> bytes:
    """A request that the parser reads, and what follows it on its connection."""
    fields, body = draw(st.just(([], b"")) | with_length() | chunked())
    method = draw(st.sampled_from([b"POST", b"POST", b"POST", b"GET", b"DELETE"]))
    line = draw(st.sampled_from([b"", b"", b"\r\n"])) + b" ".join([method, draw(st.sampled_from(TARGETS)), b"HTTP/1.1"])
    fields = draw(st.permutations([*fields, *draw(OTHER_FIELDS)]))
    return b"\r\n".join([line, *fields, b"", b""]) + body + draw(REST)


@settings(max_examples=examples(100, 5_000))
@given(requests())
def test_a_request_is_whole_with_its_last_byte_and_not_before(raw: bytes) -> None:
    end = expected_end(raw)
    assert end is not None
    assert first_whole(one_by_one(raw)) == end
    assert Incoming(reads_body, raw[:end]).is_whole() and not Incoming(reads_body, raw[: end - 1]).is_whole()


@settings(max_examples=examples(60, 3_000))
@given(requests(), st.lists(st.integers(1, 40), min_size=1))
def test_it_is_whole_with_the_piece_that_holds_its_last_byte(raw: bytes, sizes: list[int]) -> None:
    end = expected_end(raw)
    assert end is not None
    arriving, arrived = Incoming(reads_body), 0
    while arrived < len(raw):
        piece = raw[arrived : arrived + sizes[arrived % len(sizes)]]
        arriving.data += piece
        arrived += len(piece)
        assert arriving.is_whole() is (arrived >= end)


NASTY = st.sampled_from([b"\r", b"\n", b"\0", b" ", b":", b";", b"0", b"9", b"f", b"\xff", b",", b"", b"\r\n" * 2])


@settings(max_examples=examples(200, 10_000))
@given(requests(), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 2), NASTY), min_size=1, max_size=3))
@example(b"POST /read HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [])
@example(b"POST :///read HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345", [])
def test_what_is_called_whole_too_early_is_refused_whatever_follows(
    raw: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for place, removed, added in changes:
        raw = raw[:place] + added + raw[place + removed :]
    whole, end = first_whole(one_by_one(raw)), expected_end(raw)
    if end is not None:
        assert whole == end
    elif whole is not None:
        assert {expected_end(raw[:whole] + tail) for tail in TAILS} <= {None, whole}


POST = b"POST /read HTTP/1.1\r\n"


@pytest.mark.parametrize(
    ("head", "expects"),
    [
        (POST + b"expect:100-Continue \r\nContent-Length: 5\r\n\r\n", True),
        (POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\na", False),
        (POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n", False),
        (POST + b"X-Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", False),
        (POST.replace(b"1.1", b"1.0") + b"A: HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", False),
        (b"\r\n" + POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", True),
    ],
)
def test_a_client_that_waits_for_100_continue_is_known_by_its_head(head: bytes, expects: bool) -> None:
    arriving = Incoming(reads_body, head)
    assert not arriving.is_whole()
    assert arriving.expects_continue() is expects


@pytest.mark.parametrize("declared", [b"Content-Length: %d", b"Transfer-Encoding: chunked\r\n\r\n%x"])
def test_a_body_over_its_door_s_limit_is_not_waited_for(declared: bytes) -> None:
    limits = {b"Content-Length: %d": LARGEST}.get(declared, incoming.CHUNKED_BYTES * LARGEST - 100)
    within = Incoming(reads_body, POST + declared % limits + b"\r\n\r\n")
    beyond = Incoming(reads_body, POST + declared % (limits + 101) + b"\r\n\r\n")
    assert not within.is_whole() and beyond.is_whole()
