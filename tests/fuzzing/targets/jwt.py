"""Signed tokens: only what a key of ours has signed is read, with claims as PyJWT reads them, by their exact types."""

import base64
import hashlib
import hmac
import json

import jwt as pyjwt

from v1.tokens import jwt
from v1.wire.latin1 import decode_utf8_or_latin1

KEY, PAIRS_KEY = b"k" * 32, b"p" * 32
KEYS = jwt.keys((KEY,), PAIRS_KEY)
HEADER = b'{"alg":"HS256"}'
SEEDS = (
    HEADER + b"\n" + b'{"exp":1700000000,"sub":"1"}',
    HEADER + b"\n" + b'{"payload":{"t":1,"e":1700000000000,"a":[0],"u":1}}',
    b'{"alg":"none"}' + b"\n" + b'{"exp":1}',
    b'{"alg":"HS256","kid":"../k","typ":"JWT","cty":"a"}' + b"\n" + b'{"exp":true}',
    b'{"alg":"HS256","b64":false,"crit":["b64"]}' + b"\n" + b'{"exp":1}',
    jwt.sign((KEY,), {"exp": 1}).encode(),
)
WORDS = (b'"alg":', b'"HS256"', b'"none"', b'"kid":', b'"crit":', b'"payload":', b'"t":1', b'"e":', b'"exp":', b"\n")


def check(data: bytes) -> None:
    assert jwt.read(KEYS, decode_utf8_or_latin1(data)) is None or data in SEEDS, "nobody else can sign"
    header, _, payload = data.partition(b"\n")
    for key, kinds in ((KEY, jwt.STREAM), (PAIRS_KEY, jwt.DEVICEHIVE)):
        secret = signed(header, payload, key)
        found = jwt.read(KEYS, secret)
        if found is not None:
            assert found.kind in kinds, "a key for its own kinds only"
            as_pyjwt(secret, key, found)
            tampered(secret, len(data))


def signed(header: bytes, payload: bytes, key: bytes) -> str:
    """Any two parts with a good signature."""
    content = encoded(header) + b"." + encoded(payload)
    return (content + b"." + encoded(hmac.digest(key, content, hashlib.sha256))).decode()


def encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def as_pyjwt(secret: str, key: bytes, found: jwt.Signed) -> None:
    """PyJWT accepts it with HS256 alone, and what is read of it is what it says."""
    given = pyjwt.decode(secret, key, algorithms=["HS256"], options={"verify_signature": True, **LENIENT})
    inner = given.get("payload", given)
    assert json.dumps(found.claims) == json.dumps(inner)
    expiry = inner["exp"] if found.kind == "stream" else inner["e"] // 1000
    assert type(found.expiry) is int and found.expiry == expiry
    if found.kind != "stream":
        assert type(inner["t"]) is int and jwt.DEVICEHIVE[inner["t"]] == found.kind and inner["t"] >= 0
    assert pyjwt.get_unverified_header(secret)["alg"] == "HS256"


LENIENT = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


def tampered(secret: str, place: int) -> None:
    """One other character in what is signed, and nobody reads it."""
    content, _, mac = secret.rpartition(".")
    at = place % len(content)
    other = "A" if content[at] != "A" else "B"
    assert jwt.read(KEYS, content[:at] + other + content[at + 1 :] + "." + mac) is None
