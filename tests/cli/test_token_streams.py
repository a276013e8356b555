"""Tests that an operator revokes an API token with the stream tokens that it made."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cli.test_tokens import create, refused, run
from tests.conftest import Service
from tests.db.in_line import wait_for
from tests.doors.kinds import mint
from tests.e2e.faults import as_root


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


def test_without_it_they_stay_good_and_can_be_ended_once_the_token_is_gone(service: Service) -> None:
    number, token = api(service, "--user", "admin")
    streams = [stream(service, token) for _ in range(2)]
    assert run(service, "revoke", str(number)).stdout == f"revoked {number}\n"
    assert watches(service, *streams) == [True, True]
    assert f"no API token of id {number}" in refused(service, "revoke", str(number))
    done = run(service, "revoke", str(number), "--with-streams")
    assert (done.stdout, watches(service, *streams)) == (f"revoked {number} and 2 stream tokens\n", [False, False])
    assert [(line["token_id"], line["revoked"]) for line in done.acts("token.revoked")] == [(number, 2)]


def test_the_id_of_a_token_of_another_kind_ends_nothing(service: Service) -> None:
    """Nor does an id that never was one. Who mistypes it must not believe that the leak is stopped."""
    _, token = api(service)
    watching, phone = stream(service, token), mint(service, "mobile")
    for kind in ("stream", "mobile"):
        number = service.server.sql(f"SELECT id FROM auth_tokens WHERE kind = '{kind}'", "gatepass").strip()
        assert f"no API token of id {number}" in refused(service, "revoke", number, "--with-streams")
    assert "no API token of id 2147483647" in refused(service, "revoke", "2147483647", "--with-streams")
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
