"""The texts of signed tokens: which key signs and verifies which, and what form alone tells."""

import hashlib
import json
import re

import pytest

from tests.conftest import NOW, ROOT
from tests.tokens.forging import decoded, encoded, forge
from v1.settings.values import lenient_base64
from v1.tokens import jwt
from v1.tokens import text as token_text
from v1.tokens.jwt import Keys, Signed

VECTORS = json.loads((ROOT / "tests/vectors/devicehive_jwt.json").read_text())
KEY, OTHER, SHARED = (letter * 32 for letter in (b"k", b"o", b"s"))
OWN = jwt.keys((KEY,), None)
BOTH = jwt.keys((KEY,), SHARED)

CLAIMS = {"jti": "0" * 32, "stream": "cam1", "live": True, "dvr": False, "copy": False, "from": 0, "to": 0, "exp": NOW}
PAYLOAD = {"a": [0], "e": NOW * 1000 + 999, "t": 1, "u": 1, "n": ["*"], "dt": ["*"]}


def test_what_is_signed_is_read_again() -> None:
    for keys in (OWN, BOTH):
        assert jwt.read(keys, jwt.sign(keys.stream, CLAIMS)) == Signed("stream", NOW, CLAIMS)
        for t, kind in enumerate(jwt.DEVICEHIVE):
            text = jwt.sign(keys.devicehive, {"payload": PAYLOAD | {"t": t}})
            assert jwt.read(keys, text) == Signed(kind, NOW, PAYLOAD | {"t": t})


def test_a_text_is_signed_as_the_rfc_has_it() -> None:
    assert jwt.sign(OWN.stream, CLAIMS) == forge(CLAIMS, KEY)
    assert jwt.sign(BOTH.devicehive, {"payload": PAYLOAD}) == forge({"payload": PAYLOAD}, SHARED)
    odd = {"stream": "é\ud800\0", "exp": 1}
    assert decoded(jwt.sign(OWN.stream, odd)) == odd


def test_the_bytes_of_a_signed_text_never_change() -> None:
    claims = {"jti": "0" * 32, "stream": 'é/"', "live": True, "from": 0, "exp": 1_700_000_000}
    assert jwt.sign(OWN.stream, claims) == (
        "eyJhbGciOiJIUzI1NiJ9."
        "eyJqdGkiOiIwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMCIsInN0cmVhbSI6Ilx1MDBlOS9cIiIsImxpdmUiOnRydWUsImZyb20iOj"
        "AsImV4cCI6MTcwMDAwMDAwMH0.dvCDUaDm9I0pXDQKAlraQIuPpLzjG0g3M75SOK3rpHk"
    )


def test_any_bytes_may_be_a_key() -> None:
    for key in (b"0", b'{"kty":"oct"}', b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", bytes(range(256))):
        keys = jwt.keys((KEY,), key)
        assert jwt.sign(keys.devicehive, {"payload": PAYLOAD}) == forge({"payload": PAYLOAD}, key)
        assert jwt.read(keys, forge({"payload": PAYLOAD}, key)) == Signed("jwt_access", NOW, PAYLOAD)


def test_the_first_key_signs_and_all_verify() -> None:
    many = jwt.keys((KEY, OTHER, SHARED), None)
    assert jwt.sign(many.stream, CLAIMS) == jwt.sign(many.devicehive, CLAIMS) == forge(CLAIMS, KEY)
    for key in (KEY, OTHER, SHARED):
        assert jwt.read(many, forge(CLAIMS, key)) == Signed("stream", NOW, CLAIMS)
        assert jwt.read(many, forge({"payload": PAYLOAD}, key)) == Signed("jwt_access", NOW, PAYLOAD)
    assert jwt.read(many, forge(CLAIMS, KEY[:-1] + b"j")) is None
    assert jwt.read(OWN, forge(CLAIMS, OTHER)) is None


def test_a_shared_key_signs_nothing_but_the_pair_and_no_other_key_signs_it() -> None:
    assert jwt.read(BOTH, forge(CLAIMS, KEY)) and jwt.read(BOTH, forge({"payload": PAYLOAD}, SHARED))
    assert jwt.read(BOTH, forge(CLAIMS, SHARED)) is None
    assert jwt.read(BOTH, forge({"payload": PAYLOAD}, KEY)) is None
    mixed = CLAIMS | {"payload": PAYLOAD}
    assert jwt.read(BOTH, forge(mixed, KEY)) is None
    assert jwt.read(BOTH, forge(mixed, SHARED)) == Signed("jwt_access", NOW, PAYLOAD)


def test_the_recorded_pair_verifies_with_the_key_that_was_decoded_leniently() -> None:
    key = lenient_base64(VECTORS["secret"])
    assert key.hex() == VECTORS["key_hex"]
    keys = jwt.keys((KEY,), key)  # and no warning of a short key, which would be no line of the log
    for name, kind in (("refresh", "jwt_refresh"), ("access", "jwt_access")):
        said = jwt.read(keys, VECTORS[name])
        assert said and (said.kind, said.expiry) == (kind, 4_102_444_800)
        assert said.claims == {"a": [0], "e": 4_102_444_800_000, "t": said.claims["t"], "u": 1, "n": ["*"], "dt": ["*"]}
        assert jwt.read(OWN, VECTORS[name]) is None
        assert jwt.sign(keys.devicehive, {"payload": dict(said.claims)}) == VECTORS[name]


def test_the_form_alone_tells_what_may_be_a_signed_text() -> None:
    good = forge(CLAIMS, KEY)
    assert token_text.is_signed(good) and token_text.digest(good) == hashlib.sha256(good.encode()).hexdigest()
    signature = good[-43:]
    spoilt = [good[:-1], good + "a", good + "=", good + "\n", " " + good, good + ".", good.replace(".", "..", 1)]
    spoilt += ["eyJ.e30." + signature, "e30.e30." + signature, good.split(".", 1)[1], good.replace("eyJ", "EyJ", 1)]
    spoilt += [good.replace(".", ".+", 1), good.replace(".", "./", 1), good.replace(".", ".é", 1), good + "\ud800", ""]
    spoilt += ["eyJ" + "\u0661." + "e30." + signature, f"eyJx.{'x' * token_text.LONGEST}.{signature}"]
    for text in spoilt:
        assert not token_text.is_signed(text) and token_text.digest(text) is None, text[:60]
        assert jwt.read(OWN, text) is None


def test_the_longest_text_is_16_kib() -> None:
    most = token_text.LONGEST - len(f"eyJhbGciOiJIUzI1NiJ9..{'a' * 43}")
    text = forge(json.dumps(CLAIMS) + " " * (most * 3 // 4 - len(json.dumps(CLAIMS))), KEY)
    assert token_text.LONGEST - 2 <= len(text) <= token_text.LONGEST and jwt.read(OWN, text)
    assert jwt.read(OWN, forge(json.dumps(CLAIMS) + " " * most, KEY)) is None


def test_ids_are_32_hex_digits_and_never_the_same() -> None:
    made = {token_text.mint_jti() for _ in range(200)}
    assert len(made) == 200 and all(re.fullmatch("[0-9a-f]{32}", each) for each in made)


def test_neither_keys_nor_claims_are_shown() -> None:
    said = jwt.read(OWN, forge(CLAIMS, KEY))
    for shown in (repr(OWN), str(BOTH), repr(said), f"{said}", repr([BOTH, said])):
        for secret in (KEY.decode(), SHARED.decode(), encoded(KEY), "cam1", "jti"):
            assert secret not in shown
    assert isinstance(OWN, Keys) and "stream" in repr(said)


def test_the_signature_of_a_good_text_is_verified_once_until_another_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jwt, "REMEMBERED", 1)
    keys, read, verified = jwt.keys((KEY,), None), jwt.read, list[str]()
    monkeypatch.setattr(jwt, "read", lambda keys, text: verified.append(text) or read(keys, text))
    one, two = (jwt.sign(keys.stream, {**CLAIMS, "jti": str(number)}) for number in range(2))
    forged, size = forge(CLAIMS, OTHER), len(keys.good)

    def is_good(text: str) -> bool:
        return jwt.is_good(keys, text, token_text.digest(text) or "")

    assert [is_good(each) for each in (one, one, forged, one, forged, two, two, one)] == [
        *(True, True, False, True, False, True, True, True)
    ]
    assert verified == [one, forged, forged, two, one] and len(keys.good) == size
    assert not jwt.is_good(jwt.keys((OTHER,), None), one, token_text.digest(one) or "")
