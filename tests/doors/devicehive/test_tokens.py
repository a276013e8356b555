"""Pins the life of DeviceHive's pair: what a bearer may be, what is told of one that is none, and how it is renewed."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import NOW, TOKEN_KEY, Service, add_user
from tests.doors.contract import MakeService
from tests.doors.devicehive.hive import (
    Pair,
    access,
    add_admin,
    change,
    create,
    current,
    disable,
    is_live,
    is_refused,
    log_in,
    pair,
    parts,
    payload,
    post,
    refresh,
    rows,
)
from tests.doors.kinds import KINDS, mint
from v1.tokens.rights import USER_ACTIONS

HALF_AN_HOUR = 30 * 60
HALF_A_YEAR = 182 * 86_400


def test_a_token_is_good_to_its_last_second_and_then_told_expired(service: Service) -> None:
    tokens = log_in(service)
    service.clock.now = NOW + HALF_AN_HOUR - 1
    assert is_live(service, tokens) == (True, True)
    service.clock.now = NOW + HALF_AN_HOUR
    assert is_refused(current(service, tokens.access), 401, "Token expired")
    assert is_refused(create(service, tokens.access, userId=1), 401, "Token expired")
    service.clock.now = NOW + HALF_A_YEAR - 1
    assert access(refresh(service, tokens.refresh))
    service.clock.now = NOW + HALF_A_YEAR
    assert is_refused(refresh(service, tokens.refresh), 401, "Token has expired")
    change(service, "DELETE FROM auth_tokens")
    assert is_refused(refresh(service, tokens.refresh), 401, "Token has expired"), "its row was purged"


def test_a_bearer_that_is_none_is_unauthorized_with_a_challenge(service: Service) -> None:
    tokens, revoked = log_in(service), log_in(service)
    change(service, "DELETE FROM auth_tokens WHERE id > (SELECT MAX(id) - 2 FROM (SELECT id FROM auth_tokens) AS t)")
    bad = (None, "", "x", "ab" * 20, tokens.access[:-1], tokens.access + "x", tokens.access + " x", revoked.access)
    others = (mint(service, kind) for kind in KINDS if kind != "jwt_access")
    for token in (*bad, tokens.refresh, tokens.access.upper(), "📱".encode().decode("latin1"), *others):
        tries = current(service, token), create(service, token, userId=1), post(service, "/token/create", [], token)
        for answer in tries:
            assert is_refused(answer, 401, "Unauthorized"), token
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    disable(service)
    assert is_refused(current(service, tokens.access), 401, "Unauthorized")


def test_an_expired_refresh_token_is_no_expired_bearer(service: Service) -> None:
    tokens = log_in(service)
    service.clock.now = NOW + HALF_A_YEAR
    assert is_refused(current(service, tokens.refresh), 401, "Unauthorized")
    assert is_refused(refresh(service, tokens.access), 401, "Invalid token type")


def forged(service: Service, token: str) -> list[str]:
    """The token with other claims or another algorithm under its own signature, and with a signature one bit off."""
    header, claims, signature = token.split(".")
    more = [parts(token)[1] | {"payload": payload(token) | change} for change in ({"a": [0]}, {"u": 0}, {"t": 1})]
    bits = base64.urlsafe_b64decode(signature + "=")
    off = bytes([bits[0] ^ 1]) + bits[1:]
    heads = [{"alg": name} for name in ("none", "None", "HS512", "HS384", "RS256", "hs256", "", None, 7)]
    texts = [f"{header}.{encoded(each)}.{signature}" for each in more] + [f"{header}.{claims}."]
    texts += [f"{encoded(each)}.{claims}.{signature}" for each in heads] + [f"{encoded(heads[0])}.{claims}."]
    return [*texts, f"{header}.{claims}.{encoded(off)}", f"{header}.{claims}.{signature[:-1]}_", f"{header}.{claims}"]


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_token_that_was_altered_is_none(service: Service) -> None:
    tokens = log_in(service)
    for text in forged(service, tokens.access):
        assert text not in (tokens.access, tokens.refresh)
        assert is_refused(current(service, text), 401, "Unauthorized"), text
    for text in forged(service, tokens.refresh):
        assert is_refused(refresh(service, text), 401, "Unauthorized"), text
    assert rows(service) == 2


def test_a_refresh_makes_an_access_token_of_the_same_rights_and_half_an_hour(service: Service) -> None:
    user_id = add_user(service.server, "ann")
    given = pair(create(service, log_in(service, "ann").access, userId=user_id, actions=[3, 15], networkIds=[7]))
    service.clock.now = NOW + 5
    token = access(refresh(service, given.refresh))
    expected = {"a": [3, 15], "e": (NOW + 5 + HALF_AN_HOUR) * 1000, "t": 1, "u": user_id, "n": ["7"], "dt": None}
    assert payload(token) == expected
    assert current(service, token).json["login"] == "ann"


def test_the_refresh_token_stays_good_and_so_do_the_access_tokens_before(service: Service) -> None:
    tokens = log_in(service)
    made = [access(refresh(service, tokens.refresh)) for _ in range(5)]
    assert len({tokens.access, *made}) == 6
    assert all(current(service, each).status_code == 200 for each in (tokens.access, *made))
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE kind = 'jwt_refresh'", "gatepass") == "1\n"


def test_a_refreshed_token_ends_no_later_than_its_refresh_token(service: Service) -> None:
    tokens = log_in(service)
    service.clock.now = NOW + HALF_A_YEAR - 60
    token = access(refresh(service, tokens.refresh))
    assert payload(token)["e"] == (NOW + HALF_A_YEAR) * 1000
    service.clock.now += 60
    assert is_refused(current(service, token), 401, "Token expired")


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_refresh_token_is_renewed(service: Service, kind: str) -> None:
    answer = refresh(service, mint(service, kind))
    if kind == "jwt_refresh":
        assert access(answer)
    else:
        signed = kind in ("jwt_access", "stream")
        assert is_refused(answer, 401, "Invalid token type" if signed else "Unauthorized")


def test_a_refresh_token_that_is_missing_or_no_text_is_400_and_one_that_is_none_401(service: Service) -> None:
    for value in (None, 1, True, 1.5, [], {}, [log_in(service).refresh]):
        assert is_refused(post(service, "/token/refresh", {"refreshToken": value}), 400), value
    for fields in ({}, {"refresh_token": log_in(service).refresh}, {"accessToken": "x"}):
        assert is_refused(post(service, "/token/refresh", fields), 400, "refreshToken is required")
    token = log_in(service).refresh
    near = (f" {token}", f"{token}\n", f"Bearer {token}", token[:-1], token.lower())
    for text in ("", " ", "x", "a.b.c", "ab" * 20, "\ud800", "\0", "eyJ" * 4000, *near):
        assert is_refused(refresh(service, text), 401, "Unauthorized"), ascii(text)[:40]


def test_the_bearer_of_a_refresh_is_not_looked_at(service: Service) -> None:
    tokens = log_in(service)
    answer = post(service, "/token/refresh", {"refreshToken": tokens.refresh}, "x")
    assert current(service, access(answer)).status_code == 200
    assert is_refused(post(service, "/token/refresh", {}, tokens.refresh), 400)


@pytest.mark.parametrize("ending", ["revoked", "disabled", "gone"])
def test_a_refresh_token_that_is_revoked_or_whose_user_is_out_is_401_and_so_is_its_access_token(
    service: Service, ending: str
) -> None:
    tokens = log_in(service)
    end: dict[str, Callable[[], object]] = {
        "revoked": lambda: service.client.post("/v1/oauth/revoke/", data={"token": tokens.refresh}),
        "disabled": lambda: disable(service),
        "gone": lambda: change(service, "DELETE FROM users"),
    }
    end[ending]()
    assert is_refused(refresh(service, tokens.refresh), 401, "Unauthorized")
    assert is_refused(current(service, tokens.access), 401, "Unauthorized")


def demoted(service: Service) -> Pair:
    """The pair of an administrator who is none any more."""
    add_admin(service, "root")
    tokens = log_in(service, "root")
    assert payload(access(refresh(service, tokens.refresh)))["a"] == [0]
    change(service, "UPDATE users SET is_admin = 0")
    return tokens


def test_a_refresh_never_gives_more_than_the_user_has_now(service: Service) -> None:
    tokens = demoted(service)
    found = payload(access(refresh(service, tokens.refresh)))
    assert (found["a"], found["n"], found["dt"]) == (list(USER_ACTIONS), None, None)
    change(service, "UPDATE users SET is_admin = 1 WHERE username = 'root'")
    assert payload(access(refresh(service, tokens.refresh)))["a"] == [0], "it is the refresh token's once more"


def test_who_is_promoted_gets_no_more_of_a_refresh_token_than_it_has(service: Service) -> None:
    user_id = add_user(service.server, "ann")
    tokens = log_in(service, "ann")
    change(service, "UPDATE users SET is_admin = 1")
    found = payload(access(refresh(service, tokens.refresh)))
    assert (found["a"], found["n"]) == (list(USER_ACTIONS), None)
    assert is_refused(create(service, tokens.access, userId=user_id, actions=["ManageUser"]), 403, "Access is denied")


def test_a_demoted_administrators_bearer_is_a_clients(service: Service) -> None:
    other, tokens = add_user(service.server, "ann"), demoted(service)
    mine = payload(tokens.access)["u"]
    assert current(service, tokens.access).json["role"] == 1
    for fields in ({"userId": other}, *({"userId": mine, "actions": [name]} for name in ("*", "ManageUser", 18))):
        assert is_refused(create(service, tokens.access, **fields), 403, "Access is denied"), fields
    assert is_refused(create(service, tokens.access, userId=mine, networkIds=["*"]), 403)
    given = pair(create(service, tokens.access, userId=mine, actions=list(USER_ACTIONS)))
    service.client.post("/v1/oauth/revoke/", data={"token": tokens.refresh})
    assert is_live(service, given) == (False, False), "it hangs on the refresh token, as any client's"


def test_the_last_login_is_the_newest_at_any_door(service: Service) -> None:
    tokens = log_in(service)
    for seconds, kind in ((60, "management"), (30, "mobile")):
        service.clock.now = NOW + seconds
        mint(service, kind)
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:14:20.000", "by its time and not its id"
    change(service, "DELETE FROM auth_tokens WHERE kind = 'management'")
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:13:50.000"
    service.clock.now = NOW + 90
    for kind in ("api:stream", "personal"):
        mint(service, kind)
    pair(create(service, tokens.access, userId=payload(tokens.access)["u"]))
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:13:50.000", "nobody logged in"


NEW_KEY = "the key that comes after it and is none"


def test_a_new_key_in_front_leaves_the_old_keys_pairs_alive_until_the_old_one_is_taken_away(
    service: Service, make_service: MakeService
) -> None:
    old = log_in(service)
    both, alone = make_service(TOKEN_KEYS=f"{NEW_KEY},{TOKEN_KEY}"), make_service(TOKEN_KEYS=NEW_KEY)
    assert is_live(both, old) == (True, True)
    for answer in (current(alone, old.access), refresh(alone, old.refresh)):
        assert is_refused(answer, 401, "Unauthorized")


def test_the_key_in_front_signs_new_pairs_and_what_an_old_one_is_renewed_to(
    service: Service, make_service: MakeService
) -> None:
    old = log_in(service)
    both, alone = make_service(TOKEN_KEYS=f"{NEW_KEY},{TOKEN_KEY}"), make_service(TOKEN_KEYS=NEW_KEY)
    made = log_in(both)
    assert is_live(both, made) == is_live(alone, made) == (True, True)
    assert is_live(service, made) == (False, False)
    renewed = access(refresh(both, old.refresh))
    assert current(alone, renewed).status_code == 200
    assert is_refused(current(service, renewed), 401, "Unauthorized")
