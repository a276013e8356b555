"""The settings that are keys: how a text becomes a key, what production refuses; no key is quoted."""

import base64
import json
from typing import Any

import pytest

from tests.conftest import ROOT
from v1.settings import DEVELOPMENT_KEY, SettingsError, load
from v1.settings.values import keys, lenient_base64

VECTOR: dict[str, Any] = json.loads((ROOT / "tests/vectors/devicehive_jwt.json").read_text())
FIRST, SECOND = "the first key; it is long enough", "another one which is long enough"
SHARED = base64.b64encode(bytes(range(200, 232))).decode()
LIVE = {"DATABASE_URL": "mysql://u:p@h/d", "TOKEN_KEYS": FIRST}
DEVELOPMENT = {"DATABASE_URL": "mysql://u:p@h/d", "APP_ENV": "development"}


def problem(**environ: str) -> str:
    """The one thing that production finds wrong with these settings."""
    with pytest.raises(SettingsError) as caught:
        load({**LIVE, **environ})
    (found,) = caught.value.problems
    return found


def test_token_keys_keep_their_order() -> None:
    assert load(LIVE).token_keys == (FIRST.encode(),)
    assert load({**LIVE, "TOKEN_KEYS": f" {SECOND} , {FIRST}"}).token_keys == (SECOND.encode(), FIRST.encode())
    assert keys("é" * 16) == (("é" * 16).encode(),), "32 bytes, as UTF-8 has them"


@pytest.mark.parametrize(
    "text",
    [
        *("x", FIRST[:-1], f"{FIRST},short", f"short,{FIRST}", f"{FIRST},", f",{FIRST}", f"{FIRST},,{SECOND}"),
        *(",", " ", f"{FIRST},{FIRST}", f"{FIRST}, {FIRST}", f"{FIRST},{SECOND},{FIRST}", "é" * 15 + "x"),
    ],
)
def test_a_short_empty_or_repeated_key_is_refused_without_being_quoted(text: str) -> None:
    said = problem(TOKEN_KEYS=text)
    assert said.startswith("TOKEN_KEYS: ") and "32 bytes" in said
    assert not [part for part in text.split(",") if len(part) > 1 and part in said]


def test_only_development_has_a_default_key() -> None:
    for text in ({"TOKEN_KEYS": ""}, {"TOKEN_KEYS": "", "DEVICEHIVE_JWT_SECRET": SHARED}):
        assert problem(**text) == "TOKEN_KEYS is not set: make a key with `openssl rand -hex 32`"
    assert load(DEVELOPMENT).token_keys == (DEVELOPMENT_KEY,) and b"for development only" in DEVELOPMENT_KEY
    with pytest.raises(SettingsError):
        load({**DEVELOPMENT, "TOKEN_KEYS": "short"})


@pytest.mark.parametrize(
    "text, key",
    [
        ("QUJD", b"ABC"),
        ("QUJDR", b"ABC"),
        ("QUJDRE", b"ABC"),
        ("QUJDREU", b"ABC"),
        ("QUJDREU=", b"ABCDE"),
        ("QUJDRA==", b"ABCD"),
        ("QUJDRA=", b"ABC"),
        ("QU-J_D", b"ABC"),
        (" Q U\tJ\nD ", b"ABC"),
        ("Q.U!J*Dé", b"ABC"),
        ("+/+/", b"\xfb\xff\xbf"),
    ],
)
def test_a_shared_secret_is_decoded_as_leniently_as_devicehive_does(text: str, key: bytes) -> None:
    assert lenient_base64(text) == key


@pytest.mark.parametrize("text", ["", "Q", "QUJ", "===", "====", "---", " ", "éééé", "=QUJ", "Q==="])
def test_a_text_that_decodes_to_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be the base64 of a key"):
        lenient_base64(text)


@pytest.mark.parametrize(
    "begin", ["-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----", "ssh-rsa AAAA", "ecdsa-sha2-nistp256 AAAA"]
)
def test_a_key_of_a_pair_signs_nothing(begin: str) -> None:
    """Whoever has a public key could sign tokens with it."""
    text = begin + "x" * 40
    encoded = base64.b64encode(text.encode()).decode()
    assert problem(TOKEN_KEYS=text) == "TOKEN_KEYS: must be secret texts, and no keys of a pair"
    assert problem(TOKEN_KEYS=f"{FIRST},{text}") == "TOKEN_KEYS: must be secret texts, and no keys of a pair"
    assert problem(DEVICEHIVE_JWT_SECRET=encoded) == "DEVICEHIVE_JWT_SECRET: must be a secret, and no key of a pair"


def test_production_requires_32_decoded_bytes_of_a_shared_secret() -> None:
    for length in (32, 33, 64):
        text = base64.b64encode(b"\xfe" * length).decode()
        assert load({**LIVE, "DEVICEHIVE_JWT_SECRET": text}).devicehive_jwt_secret == b"\xfe" * length
    for text in ("devicehive", base64.b64encode(b"k" * 31).decode(), SHARED[:-1], "-" * 100 + SHARED[:40]):
        assert "below 32 decoded bytes" in problem(DEVICEHIVE_JWT_SECRET=text)
        assert load({**DEVELOPMENT, "DEVICEHIVE_JWT_SECRET": text}).devicehive_jwt_secret == lenient_base64(text)
    assert problem(DEVICEHIVE_JWT_SECRET="---") == "DEVICEHIVE_JWT_SECRET: must be the base64 of a key"
    assert load(LIVE).devicehive_jwt_secret is None
    assert load({**LIVE, "DEVICEHIVE_JWT_SECRET": ""}).devicehive_jwt_secret is None


def test_no_key_is_shown_by_the_settings_or_in_an_error() -> None:
    found = load({**LIVE, "TOKEN_KEYS": f"{FIRST},{SECOND}", "DEVICEHIVE_JWT_SECRET": SHARED})
    for shown in (repr(found), str(found), f"{found}", repr([found])):
        assert not [secret for secret in (FIRST, SECOND, SHARED, "\\xc8\\xc9") if secret in shown]
    with pytest.raises(SettingsError) as caught:
        load({"TOKEN_KEYS": f"{FIRST},secret-key", "DEVICEHIVE_JWT_SECRET": "c2VjcmV0a2V5", "PORT": "0"})
    for shown in (str(caught.value), repr(caught.value)):
        assert "TOKEN_KEYS" in shown and "DEVICEHIVE_JWT_SECRET" in shown
        assert not [secret for secret in (FIRST, "secret-key", "c2VjcmV0a2V5", "secretkey") if secret in shown]
