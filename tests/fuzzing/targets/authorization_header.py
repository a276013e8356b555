"""The Authorization header: a token or credentials come out as they were put in, or a declared error."""

import base64
import re
from urllib.parse import quote_plus

from v1.auth import guard
from v1.errors import MalformedRequest, MissingToken
from v1.records import Credentials

SEEDS = (
    b"Token 6a9382f695dc36f38e46dc08726fc8a3a22a270f", b"bearer  gpa_x", b"Basic YWRtaW46cGFzc3dvcmQ=", b"Basic Og==",
    b"Bearer a, Bearer b", b"Bearer ,", b"6a9382f695dc36f38e46dc08726fc8a3a22a270f", b"Basic YWRtaW46cGFz%3A+d29yZA==",
)
WORDS = (b"Token ", b"Bearer ", b"Basic ", b"bearer", b", Bearer ", b",\tdigest ", b"negotiate", b"==", b"\xa0", b" ")
LONGEST = 2048
TOKEN = re.compile(r"(?i:token|bearer) +([^ ](?:.*[^ ])?) *", re.DOTALL)


def check(data: bytes) -> None:
    header = data.decode("latin1")
    environ = {"HTTP_AUTHORIZATION": header}
    try:
        token = guard.token_in_header(environ)
    except MissingToken:
        assert not (match := TOKEN.fullmatch(header)) or "," in match[1]
    else:
        match = TOKEN.fullmatch(header)
        assert match and token == match[1]
        assert guard.token_with_optional_scheme(environ) == token
        assert guard.scheme(environ) in ("token", "bearer")
    basic(environ)
    round_trip(data)


def basic(environ: dict[str, str]) -> None:
    try:
        _, raw = guard.basic_credentials(environ)
    except MalformedRequest:
        return
    assert b":" not in raw.username
    again = base64.b64encode(raw.username + b":" + raw.password).decode()
    assert guard.basic_credentials({"HTTP_AUTHORIZATION": f"Basic {again}"})[1] == raw


def round_trip(data: bytes) -> None:
    """Any password comes back, from a client that encodes it and from one that does not."""
    for text, which in ((quote_plus(data).encode(), 0), (data, 1)):
        sent = base64.b64encode(b"admin:" + text).decode()
        assert guard.basic_credentials({"HTTP_AUTHORIZATION": f"Basic {sent}"})[which] == Credentials(b"admin", data)
