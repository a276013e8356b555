"""A stream token needs both its signature by one of TOKEN_KEYS and its row: neither alone opens anything.

tests/tokens/test_jwt_hostile.py has every header and all claims that are read as no token.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests import secrecy
from tests.conftest import NOW, Service
from tests.doors.contract import MakeService
from tests.doors.media.rpc_calls import api, call, result, stream
from tests.environments import TOKEN_KEY
from tests.tokens.forging import decoded, encoded, forge

NEW_KEY = "another key of the tests and no secret either"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
KEY = TOKEN_KEY.encode()
CLAIMS = {"jti": "0" * 32, "stream": "cam1", "live": True, "dvr": True, "copy": True, "from": 0, "to": 0}


def put_row(service: Service, token: str) -> None:
    """Give the one stream token in the table this text: as if it had been issued so."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    service.server.sql(f"UPDATE auth_tokens SET auth_key = '{digest}' WHERE kind = 'stream'", "gatepass")


def opens(service: Service, token: str) -> tuple[int, bool, bool]:
    """What each door that takes a stream token says of it: `/stream/check`, `Auth.CheckAccessToken`, introspection."""
    hook = service.client.get("/stream/check", query_string={"token": token, "stream": "cam1", "action": "live"})
    checked = result(call(service, "Auth.CheckAccessToken", [token, "cam1", "live"], api(service)))
    headers = {"Authorization": f"Bearer {api(service, 'introspect')}"}
    told = service.client.post("/v1/oauth/introspect/", data={"token": token}, headers=headers)
    return hook.status_code, checked["allowed"], told.json["active"]


GOOD, DEAD = (204, True, True), (403, False, False)


@pytest.fixture
def made(service: Service) -> str:
    return stream(service, api(service), live=True, dvr=True, copy=True)


def one_bit_off(key: bytes) -> bytes:
    return key[:-1] + bytes([key[-1] ^ 1])


FORGERIES: dict[str, Callable[[str], str]] = {
    "alg none and no signature": lambda made: f"{encoded({'alg': 'none'})}.{made.split('.')[1]}.",
    "HS512": lambda made: forge(decoded(made), KEY, {"alg": "HS512"}, "sha512"),
    "a key one bit off": lambda made: forge(decoded(made), one_bit_off(KEY)),
    "an empty key": lambda made: forge(decoded(made), b""),
    "another stream": lambda made: changed(made, stream="cam2"),
    "the first letter of the signature": lambda made: made[:-43] + ("B" if made[-43] == "A" else "A") + made[-42:],
}


def changed(made: str, **claims: Any) -> str:
    """The token with other claims under the signature that it had."""
    header, _, signature = made.split(".")
    return f"{header}.{encoded(decoded(made) | claims)}.{signature}"


@pytest.mark.parametrize("spoil", FORGERIES.values(), ids=FORGERIES)
def test_a_row_without_a_good_signature_opens_nothing(service: Service, made: str, spoil: Callable[[str], str]) -> None:
    assert opens(service, made) == GOOD
    forged = spoil(made)
    put_row(service, forged)
    assert opens(service, forged) == opens(service, made) == DEAD
    put_row(service, made)
    assert opens(service, made) == GOOD


def test_a_good_signature_without_a_row_opens_nothing(service: Service, made: str) -> None:
    claims = decoded(made)
    for other in (CLAIMS | {"exp": NOW + 60}, claims | {"jti": "0" * 32}, claims | {"exp": NOW + 10**9}, {}, [], None):
        assert opens(service, forge(other, KEY)) == DEAD
    assert forge(claims, KEY) == made and opens(service, made) == GOOD, "the forger's hand is a good one"


def test_another_encoding_of_the_same_signature_is_another_token(service: Service, made: str) -> None:
    spare = LETTERS.index(made[-1]) & ~3  # two bits of the last letter are no part of the signature
    for letter in set(LETTERS[spare : spare + 4]) - {made[-1]}:
        assert opens(service, made[:-1] + letter) == DEAD
        put_row(service, made[:-1] + letter)
        assert opens(service, made[:-1] + letter) == DEAD
        put_row(service, made)
    for spelling in (made + "=", made + " ", made.replace(".", ".."), made + ".", made + "\n"):
        assert opens(service, spelling) == DEAD


def test_the_row_decides_what_is_granted_not_the_token(service: Service, made: str) -> None:
    service.server.sql("UPDATE auth_tokens SET claims = REPLACE(claims, 'cam1', 'cam2')", "gatepass")
    assert opens(service, made) == (403, False, True)


def test_the_first_key_signs_and_every_key_verifies(service: Service, make_service: MakeService) -> None:
    secrecy.learn(NEW_KEY)
    old = stream(service, api(service), live=True)
    both, new = make_service(TOKEN_KEYS=f"{NEW_KEY},{TOKEN_KEY}"), make_service(TOKEN_KEYS=NEW_KEY)
    young = stream(both, api(both), live=True)
    assert young == forge(decoded(young), NEW_KEY.encode())
    assert (opens(both, old), opens(both, young)) == (GOOD, GOOD)
    assert (opens(new, old), opens(new, young)) == (DEAD, GOOD)
    assert (opens(service, old), opens(service, young)) == (GOOD, DEAD)
    behind = make_service(TOKEN_KEYS=f"{TOKEN_KEY},{NEW_KEY}")
    assert (opens(behind, old), opens(behind, young)) == (GOOD, GOOD)
