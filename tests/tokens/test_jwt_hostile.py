"""A text which is no token of ours is read as none, whatever is in it; reading it never fails.

Whoever shares its key with a DeviceHive finds claims under it that are nothing of ours.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.forging import encoded, forge
from tests.tokens.test_jwt import BOTH, CLAIMS, KEY, OTHER, OWN, PAYLOAD, SHARED
from v1.tokens import jwt

DEEP = "[" * 4000 + "]" * 4000

HEADERS: dict[str, Any] = {
    "alg none": {"alg": "none"},
    "HS512": {"alg": "HS512"},
    "small letters": {"alg": "hs256"},
    "a list of algorithms": {"alg": ["HS256"]},
    "null": {"alg": None},
    "no alg": {"typ": "JWT"},
    "crit of what is not there": {"alg": "HS256", "crit": ["exp"]},
    "crit of what nobody knows": {"alg": "HS256", "crit": ["x"], "x": 1},
    "crit of a list": {"alg": "HS256", "crit": [["b64"]]},
    "b64 off and crit": {"alg": "HS256", "b64": False, "crit": ["b64"]},
    "kid a number": {"alg": "HS256", "kid": 1},
    "jwk a text": {"alg": "HS256", "jwk": "x"},
    "crit of nothing": {"alg": "HS256", "crit": []},
    "b64 on": {"alg": "HS256", "b64": True},
    "typ null": {"alg": "HS256", "typ": None},
    "a URL of a key": {"alg": "HS256", "jku": "https://evil.example/"},
    "a certificate": {"alg": "HS256", "x5c": ["x"]},
    "two algorithms": '{"alg":"HS256","alg":"none"}',
    "a number of 5,000 digits": f'{{"alg":"HS256","kid":{"9" * 5000}}}',
    "a member of its own": {"alg": "HS256", "x": 1},
    "long": {"alg": "HS256", "kid": "x" * 600},
    "deep": f'{{"alg":"HS256","x":{DEEP}}}',
    "no JSON": '{"alg":"HS256"',
    "not UTF-8": b'{"alg":"HS256","kid":"\xff"}',
    "two values": '{"alg":"HS256"}{}',
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_of_another_kind_is_none_of_ours(header: Any) -> None:
    text = forge(CLAIMS, KEY, header)
    assert text.startswith("eyJ") and jwt.read(OWN, text) is None


def test_a_header_may_name_a_key_but_the_key_is_ours() -> None:
    for more in ({"kid": "x"}, {"kid": "../../dev/null"}, {"typ": "JWT"}, {"cty": "JWT"}):
        assert jwt.read(OWN, forge(CLAIMS, KEY, {"alg": "HS256", **more}))
        assert jwt.read(OWN, forge(CLAIMS, OTHER, {"alg": "HS256", **more})) is None
    jwk = {"kty": "oct", "k": encoded(OTHER)}
    assert jwt.read(OWN, forge(CLAIMS, OTHER, {"alg": "HS256", "jwk": jwk})) is None


NO_PAYLOADS: dict[str, Any] = {
    **{f"payload {value!r}": {"payload": value} for value in (None, 1, "", "teuan", [], {}, ["t", "e"], [[]])},
    **{f"t {t!r}": {"payload": PAYLOAD | {"t": t}} for t in (-1, -2, 2, 10**30, True, False, 1.0, "1", None, [], {})},
    **{
        f"e {e!r}": {"payload": PAYLOAD | {"e": e}}
        for e in ("", "x", "4102444800000", None, True, [], {}, float("nan"))
    },
    **{f"e {e!r}": {"payload": PAYLOAD | {"e": e}} for e in (float("inf"), float("-inf"))},
    "e beyond any float": f'{{"payload":{{"t":1,"e":1{"0" * 400}.0}}}}',
    "e 1e999": '{"payload":{"t":1,"e":1e999}}',
    "e of 5,000 digits": f'{{"payload":{{"t":1,"e":{"9" * 5000}}}}}',
    "no t": {"payload": {"e": 1}},
    "no e": {"payload": {"t": 1}},
    "deep": f'{{"payload":{DEEP}}}',
    "deep beside it": f'{{"payload":{{"t":1,"e":1,"x":{DEEP}}}}}',
    "no JSON": '{"payload":{"t":1,"e":1}',
    "not UTF-8": b'{"payload":{"t":1,"e":1,"x":"\xff"}}',
    "UTF-16 that is cut": '{"payload":{"t":1,"e":1}}'.encode("utf-16")[:-1],
    **{f"no object: {value!r}": value for value in (None, 1, True, [], ["payload"], {}, float("nan"))},
    "a text": '"payload"',
    "no expiry": {name: value for name, value in CLAIMS.items() if name != "exp"},
    **{f"exp {value!r}": CLAIMS | {"exp": value} for value in (None, "", "x", [], {}, float("nan"), float("inf"))},
}


@pytest.mark.parametrize("claims", NO_PAYLOADS.values(), ids=NO_PAYLOADS)
def test_claims_of_another_form_under_a_shared_key_are_none_of_ours(claims: Any) -> None:
    assert jwt.read(BOTH, forge(claims, SHARED)) is None
    assert jwt.read(OWN, forge(claims, KEY)) is None


urlsafe = st.text("ABCxyz019-_", max_size=60)
pieces = st.binary(max_size=60).map(encoded) | urlsafe | st.sampled_from(["", "eyJ", encoded({"alg": "HS256"})])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["payload", "t", "e", "exp", "x"]), inner),
)


@given(st.lists(pieces, min_size=1, max_size=5).map(".".join) | st.text(), urlsafe)
def test_any_text_is_read_as_nothing(text: str, end: str) -> None:
    for each in (text, "eyJ" + text, f"{text}.{end}", f"eyJ{text}.{end}.{'a' * 43}"):
        assert jwt.read(OWN, each) is None


@settings(max_examples=150)
@given(json_values, json_values, st.booleans())
def test_any_json_with_a_good_signature_is_read_or_is_nothing(header: Any, claims: Any, whole: bool) -> None:
    for first in ({"alg": "HS256"}, {"alg": "HS256", "crit": header}, {"alg": header}):
        said = jwt.read(BOTH, forge(claims if whole else {"payload": claims}, SHARED, first))
        assert said is None or (said.kind in jwt.DEVICEHIVE and type(said.expiry) is int)
