"""Where a request ends: what gunicorn's parser accepts, and keeps its connection for, ends where RFC 9112 says."""

from typing import Any

from gunicorn.http.errors import ParseException

from tests.e2e.rfc_framing import end_of_request, head
from tests.e2e.smuggling import REQUESTS
from tests.fuzzing import in_process
from v1.server.request.head_limits import HEADER_FIELDS

SEEDS = (*REQUESTS, b"GET /v1/verify/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
WORDS = (
    *(b"Content-Length: ", b"Transfer-Encoding: chunked", b"chunked", b"identity", b"gzip, ", b"\r\n", b"\n", b"\r"),
    *(b"0\r\n\r\n", b"5\r\nhello\r\n", b";a=b", b"\x0b", b"\0"),
    *(b" HTTP/1.1", b" HTTP/1.0", b"Trailer: a", b"POST ", b"+5"),
)


def check(data: bytes) -> None:
    try:
        request, unreader = in_process.parse(data)
    except (ParseException, OSError, StopIteration):
        return
    found = head(data)
    assert found, "this head is to be refused"
    _, fields, begin = found
    names = [name for name, _ in fields]
    assert len(fields) <= HEADER_FIELDS and {b"content-length", b"transfer-encoding"} - set(names), "both framings"
    assert all("_" not in name for name, _ in request.headers), "two names for one variable of WSGI"
    if read(request):
        end = end_of_request(data)
        assert end is not None and unreader.next_request() == data[end:], (begin, end)


def read(request: Any) -> bool:
    """Read the body. Is the connection kept for another request?"""
    try:
        request.body.read()
    except (ParseException, OSError, StopIteration):
        assert request.should_close(), "nothing is read behind a broken body"
    return not request.should_close()
