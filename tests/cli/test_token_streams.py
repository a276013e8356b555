"""Pins that an operator ends what a token has made: an API token's stream tokens, and what hangs on a refresh token."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cli.test_tokens import create, refused, run
from tests.conftest import NOW, Service, add_user
from tests.db.in_line import wait_for
from tests.doors.kinds import mint
from tests.e2e.faults import as_root
from v1.cli.sessions import session
from v1.tokens.issue import NEVER


def api(service: Service, *words: str) -> tuple[int, str]:
    """A new API token of scope `stream`: its id and its text."""
    token = create(service, "video", "--scope", "stream", *words)
    return int(service.server.sql("SELECT MAX(id) FROM auth_tokens", "gatepass")), token


def call(service: Service, token: str) -> dict[str, Any]:
    """The answer to a call for a stream token."""
    params = {"stream": "cam1", "live": True, "Token": token}
    asked = {"jsonrpc": "2.0", "method": "Auth.CreateAccessToken", "params": params, "id": 1}
    return service.client.post("/api/", json=asked).json


def stream(service: Service, token: str) -> str:
    return str(call(service, token)["result"])


def watches(service: Service, *streams: str) -> list[bool]:
    """Which of these stream tokens open the stream."""
    asked = [{"token": each, "stream": "cam1", "action": "live"} for each in streams]
    statuses = [service.client.get("/stream/check", query_string=each).status_code for each in asked]
    assert set(statuses) <= {204, 403}
    return [status == 204 for status in statuses]


def test_with_streams_a_token_and_all_that_it_has_minted_are_dead_and_nothing_else(service: Service) -> None:
    (number, token), (_, other), (_, of_admin) = api(service), api(service), api(service, "--user", "admin")
    streams = [stream(service, each) for each in (token, token, other, of_admin)]
    done = run(service, "revoke", str(number), "--with-streams")
    assert (done.code, done.stdout) == (0, f"revoked {number} and 2 stream tokens\n")
    assert [(line["token_id"], line["revoked"]) for line in done.acts("token.revoked")] == [(number, 3)]
    assert watches(service, *streams) == [False, False, True, True]
    assert call(service, token)["error"]["code"] == -32001
    assert watches(service, stream(service, other), stream(service, of_admin)) == [True, True]


def test_a_users_own_api_token_ends_with_its_streams(service: Service) -> None:
    number, token = api(service, "--user", "admin")
    streams = [stream(service, token) for _ in range(2)]
    assert run(service, "revoke", str(number), "--with-streams").stdout == f"revoked {number} and 2 stream tokens\n"
    assert watches(service, *streams) == [False, False]


def test_without_it_they_stay_good_and_can_be_ended_once_the_token_is_gone(service: Service) -> None:
    number, token = api(service)
    streams = [stream(service, token) for _ in range(2)]
    assert run(service, "revoke", str(number)).stdout == f"revoked {number}\n"
    assert watches(service, *streams) == [True, True]
    assert f"no API token of id {number}" in refused(service, "revoke", str(number))
    done = run(service, "revoke", str(number), "--with-streams")
    assert (done.code, watches(service, *streams)) == (0, [False, False])
    assert [(line["token_id"], line["revoked"]) for line in done.acts("token.revoked")] == [(number, 2)]


def test_the_id_of_a_token_of_another_kind_ends_nothing(service: Service) -> None:
    _, token = api(service)
    watching, phone = stream(service, token), mint(service, "mobile")
    for kind in ("stream", "mobile"):
        number = service.server.sql(f"SELECT id FROM auth_tokens WHERE kind = '{kind}'", "gatepass").strip()
        assert f"no API token of id {number}" in refused(service, "revoke", number, "--with-streams")
    assert watches(service, watching) == [True]
    assert service.client.get("/v1/verify/", headers={"Authorization": f"Token {phone}"}).status_code == 200


def test_what_a_token_of_another_kind_made_stays_when_its_id_is_given(service: Service) -> None:
    manager = mint(service, "management")
    fields = {"name": "backup", "expires": "never"}
    made = service.client.post("/apiops/tokens/", json=fields, headers={"Authorization": f"Bearer {manager}"})
    number = service.server.sql("SELECT parent_id FROM auth_tokens WHERE kind = 'personal'", "gatepass").strip()
    service.server.sql(f"DELETE FROM auth_tokens WHERE id = {number}", "gatepass")
    assert f"no API token of id {number}" in refused(service, "revoke", number, "--with-streams")
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    assert service.client.get("/apiops/tokens/", headers=headers).status_code == 200


def test_an_id_that_never_was_one_is_an_error_and_not_revoked_with_0_stream_tokens(service: Service) -> None:
    """An operator who mistypes it must not go home believing that the leak is stopped."""
    assert "no API token of id 2147483647" in refused(service, "revoke", "2147483647", "--with-streams")


def test_thousands_are_ended_in_batches_and_those_between_them_stay(service: Service) -> None:
    (number, token), (other, _) = api(service), api(service)
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, parent_id)"
        f" SELECT SHA1(seq), 0, {NOW}, {NEVER}, {NOW}, '', 'stream', ELT(1 + seq MOD 3, {number}, {other}, {number}1)"
        " FROM seq_1_to_4500",
        "gatepass",
    )
    assert run(service, "revoke", str(number), "--with-streams").stdout == f"revoked {number} and 1500 stream tokens\n"
    by = "SELECT parent_id, COUNT(*) FROM auth_tokens WHERE kind = 'stream' GROUP BY 1"
    left = dict(line.split("\t") for line in service.server.sql(by, "gatepass").splitlines())
    assert left == {str(other): "1500", f"{number}1": "1500"}
    assert call(service, token)["error"]["code"] == -32001


def test_what_is_minted_while_its_token_is_revoked_is_not_left_behind(service: Service) -> None:
    number, token = api(service, "--user", "admin")
    with ThreadPoolExecutor(1) as pool:
        with as_root(service.server) as root:
            root("BEGIN")
            root("SELECT * FROM users FOR UPDATE")
            minting = pool.submit(call, service, token)
            wait_for(service.server, "auth_tokens.add%")
            assert run(service, "revoke", str(number), "--with-streams").code == 0
        made = minting.result()
    assert made.get("error", {}).get("code") == -32001 or watches(service, made["result"]) == [False]


def log_in(service: Service, name: str = "admin") -> tuple[str, str]:
    """DeviceHive's pair."""
    answer = service.client.post("/token", json={"login": name, "password": "password"}).json
    return answer["accessToken"], answer["refreshToken"]


def opens(service: Service, *access: str) -> list[bool]:
    """Which of these access tokens are good."""
    headers = [{"Authorization": f"Bearer {each}"} for each in access]
    statuses = [service.client.get("/user/current", headers=each).status_code for each in headers]
    assert set(statuses) <= {200, 401}
    return [status == 200 for status in statuses]


def test_a_refresh_token_that_an_operator_revokes_ends_with_all_that_hangs_on_it(service: Service) -> None:
    add_user(service.server, "other")
    (first, refresh), (stays, others_refresh), (others, _) = log_in(service), log_in(service), log_in(service, "other")
    renewed = service.client.post("/token/refresh", json={"refreshToken": refresh}).json["accessToken"]
    asked = {"userId": int(service.server.sql("SELECT MIN(id) FROM users", "gatepass")), "actions": ["GetCurrentUser"]}
    made = service.client.post("/token/create", json=asked, headers={"Authorization": f"Bearer {renewed}"}).json
    rows = service.server.sql("SELECT id FROM auth_tokens WHERE kind = 'jwt_refresh' ORDER BY id", "gatepass")
    number, access = rows.split()[0], (first, renewed, made["accessToken"], stays, others)
    assert opens(service, *access) == [True] * 5
    result = service.app.test_cli_runner().invoke(session, ["revoke", number])
    assert (result.exit_code, result.stdout) == (0, f"revoked {number}\n")
    assert opens(service, *access) == [False, False, False, True, True]
    for text, good in ((refresh, False), (made["refreshToken"], False), (others_refresh, True)):
        answer = service.client.post("/token/refresh", json={"refreshToken": text})
        assert ("accessToken" in answer.json) is good
