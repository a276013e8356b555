"""The life of DeviceHive's pair: when it ends, how it is renewed, and what its user has left."""

from tests.conftest import NOW, Service, add_user
from tests.doors.devicehive.hive import (
    Pair,
    access,
    add_admin,
    change,
    create,
    current,
    is_live,
    is_refused,
    log_in,
    me,
    pair,
    payload,
    post,
    refresh,
    revoke,
)
from tests.doors.kinds import mint
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


def test_an_expired_refresh_token_is_no_expired_bearer(service: Service) -> None:
    tokens = log_in(service)
    service.clock.now = NOW + HALF_A_YEAR
    assert is_refused(current(service, tokens.refresh), 401, "Unauthorized")
    for token in (tokens.access, mint(service, "stream")):
        assert is_refused(refresh(service, token), 401, "Invalid token type")


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


def test_a_refresh_token_that_is_missing_or_no_text_is_400_and_one_that_is_none_401(service: Service) -> None:
    for value in (None, 1, True, 1.5, [], {}, [log_in(service).refresh]):
        assert is_refused(post(service, "/token/refresh", {"refreshToken": value}), 400), value
    for fields in ({}, {"refresh_token": log_in(service).refresh}, {"accessToken": "x"}):
        assert is_refused(post(service, "/token/refresh", fields), 400, "refreshToken is required")
    token = log_in(service).refresh
    for text in ("", "x", "\ud800", "\0", "eyJ" * 4000, f" {token}", f"{token}\n", f"Bearer {token}", token[:-1]):
        assert is_refused(refresh(service, text), 401, "Unauthorized"), ascii(text)[:40]


def test_the_bearer_of_a_refresh_is_not_looked_at(service: Service) -> None:
    tokens = log_in(service)
    answer = post(service, "/token/refresh", {"refreshToken": tokens.refresh}, "x")
    assert current(service, access(answer)).status_code == 200
    assert is_refused(post(service, "/token/refresh", {}, tokens.refresh), 400)


def test_the_pair_of_a_user_who_is_gone_is_401(service: Service) -> None:
    tokens = log_in(service)
    change(service, "DELETE FROM users")
    assert is_live(service, tokens) == (False, False)


def demoted(service: Service) -> Pair:
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
    tokens = demoted(service)
    assert current(service, tokens.access).json["role"] == 1
    given = pair(create(service, tokens.access, userId=me(tokens)))
    revoke(service, tokens.refresh)
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
    pair(create(service, tokens.access, userId=me(tokens)))
    access(refresh(service, tokens.refresh))
    assert current(service, tokens.access).json["lastLogin"] == "2023-11-14T22:13:50.000", "nobody logged in"
