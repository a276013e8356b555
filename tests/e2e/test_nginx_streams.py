"""config/nginx-streams.conf over a folder of streams: what each token opens, and what is written down of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import flask
from tests.conftest import Gunicorn
from tests.e2e import back_end, nginx, streams, wire
from tests.e2e.faults import over_tcp, started_again
from tests.e2e.streams import ARCHIVE, COPIES, FIRST, LATER, LIVE, UNNAMED, Streams
from tests.ports import free_port
from tools import private_server
from tools.private_server import Server


def test_a_token_for_live_opens_live_of_its_own_stream_and_nothing_else(guard: Streams) -> None:
    token = guard.token(live=True)
    assert guard.statuses(token, *LIVE) == [200, 200]
    assert guard.statuses(token, *ARCHIVE, *COPIES) == [403] * 4
    assert guard.statuses(token, *LIVE, *ARCHIVE, *COPIES, stream="cam2") == [403] * 6
    assert guard.ask("/cam1/live.m3u8", token).body == b"/cam1/live.m3u8"


def test_what_no_location_names_is_refused_whatever_the_token(guard: Streams) -> None:
    token = guard.token(live=True, dvr=True, copy=True)
    assert guard.statuses(token, *LIVE, *ARCHIVE, *COPIES) == [200] * 6
    assert guard.statuses(token, *UNNAMED, "", "archive/") == [403] * (len(UNNAMED) + 2)


@pytest.mark.parametrize(
    "bounds, expected",
    [
        ({}, [200, 200]),
        ({"from": FIRST, "to": FIRST}, [200, 403]),
        ({"from": FIRST + 1, "to": LATER}, [403, 200]),
        ({"from": FIRST + 1, "to": LATER - 1}, [403, 403]),
        ({"from": LATER}, [403, 200]),
        ({"to": LATER - 1}, [200, 403]),
    ],
)
def test_the_archive_and_copies_of_it_open_between_the_tokens_bounds(
    guard: Streams, bounds: dict[str, int], expected: list[int]
) -> None:
    dvr, copy = guard.token(dvr=True, **bounds), guard.token(copy=True, **bounds)
    assert guard.statuses(dvr, *ARCHIVE) == guard.statuses(copy, *COPIES) == expected
    assert guard.statuses(dvr, *LIVE, *COPIES) == guard.statuses(copy, *LIVE, *ARCHIVE) == [403] * 4


def test_a_second_that_no_token_can_name_is_refused(guard: Streams) -> None:
    token = guard.token(dvr=True, **{"from": FIRST})
    names = ("", "0", "-1", f"{FIRST}x", f"x{FIRST}", f"{FIRST}.5", "9" * 20, f"{FIRST}&at={FIRST}", f"{FIRST}%26at=1")
    assert guard.statuses(token, *(f"archive/{name}.ts" for name in names)) == [403] * len(names)


def test_whatever_is_no_live_stream_token_opens_nothing(guard: Streams) -> None:
    api = streams.api_token(guard.gatepass)
    good = streams.token(guard.gatepass, api, live=True)
    for bad in ("", "x", api, "0" * 40, good[:-1], good + "x", "." + good, good.lower(), good.rpartition(".")[0]):
        assert guard.statuses(bad, *LIVE) == [403, 403]
    for header in (f"Authorization: Bearer {good}", f"Authorization: Bearer {api}", f"Cookie: token={good}"):
        assert nginx.ask(guard.nginx, "/cam1/live.m3u8", header).status == 403
    assert guard.ask("/cam1/live.m3u8", good, f"Authorization: Bearer {api}").status == 200


def test_a_token_that_is_expired_or_revoked_opens_nothing_from_then_on(database: Server, guard: Streams) -> None:
    api = streams.api_token(guard.gatepass)
    expired, revoked = (streams.token(guard.gatepass, api, live=True) for _ in range(2))
    assert guard.statuses(expired, *LIVE) == guard.statuses(revoked, *LIVE) == [200, 200]
    first = "kind = 'stream' ORDER BY id LIMIT 1"
    database.sql(f"UPDATE auth_tokens SET expiry = UNIX_TIMESTAMP() WHERE {first}", "gatepass")
    assert guard.statuses(expired, *LIVE) == [403, 403]
    assert guard.statuses(revoked, *LIVE) == [200, 200]
    number = database.sql("SELECT id FROM auth_tokens WHERE kind = 'api'", "gatepass").strip()
    flask(database, "token", "revoke", number, "--with-streams")
    assert guard.statuses(revoked, *LIVE) == [403, 403]


def test_a_piece_of_a_file_or_its_head_needs_the_same_rights(guard: Streams) -> None:
    token, other = guard.token(live=True), guard.token("cam2", live=True)
    piece = guard.ask("/cam1/live.m3u8", token, "Range: bytes=1-4")
    assert (piece.status, piece.body) == (206, b"cam1")
    assert guard.ask("/cam1/live.m3u8", other, "Range: bytes=1-4").status == 403
    for secret, status in ((token, 200), (other, 403)):
        head = f"HEAD /cam1/live.m3u8?token={secret} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        answer = wire.parse(guard.nginx.send(head.encode(), finish=False))
        assert (answer.status, answer.body) == (status, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"])
def test_no_other_method_gets_or_changes_anything(guard: Streams, method: str) -> None:
    answer = guard.ask("/cam1/live.m3u8", guard.token(live=True), method=method)
    assert answer.status in (400, 403, 405)
    assert b"/cam1/" not in answer.body


def test_with_the_database_down_a_good_token_is_503_and_good_again_afterwards(
    own_server: Server, gunicorn: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    nginx.command()
    gatepass = gunicorn(own_server, **over_tcp(own_server))
    with streams.running(tmp_path, gatepass.port) as front:
        guard = Streams(front, gatepass)
        token = guard.token(live=True)
        assert guard.statuses(token, *LIVE) == [200, 200]
        private_server.stop(own_server)
        answer = guard.ask("/cam1/live.m3u8", token)
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert guard.statuses("x", *LIVE) == [403, 403]  # that can be no token: no question
        with started_again(own_server):
            assert guard.statuses(token, *LIVE) == [200, 200]


def test_with_gatepass_down_nothing_is_served(tmp_path: Path) -> None:
    with streams.running(tmp_path, free_port()) as front:
        answer = nginx.ask(front, "/cam1/live.m3u8?token=x")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert nginx.ask(front, "/cam1/secret.txt").status == 403


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 429, 500, 503])
def test_only_2xx_serves(tmp_path: Path, status: int) -> None:
    with back_end.running(status) as gatepass, streams.running(tmp_path, gatepass.port) as front:
        answer = nginx.ask(front, "/cam1/live.m3u8?token=x")
    assert answer.status == {200: 200, 204: 200, 401: 401, 403: 403}.get(status, 503)


def test_the_check_gets_the_question_and_nothing_that_a_client_sent(tmp_path: Path) -> None:
    sent = ("Authorization: x", "Cookie: x", "Range: bytes=0-", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: x", "Via: x")
    with back_end.running(204) as gatepass, streams.running(tmp_path, gatepass.port) as front:
        query = "at=1&token=a.b-c_d&stream=cam2&token=e"
        nginx.ask(front, f"/cam1/archive/{FIRST}.ts?{query}", *sent, method="POST", body=b"x")
    (seen,) = gatepass.seen
    target = f"/stream/check?token=a.b-c_d&stream=cam1&action=dvr&at={FIRST}"
    assert (seen.method, seen.target, seen.body) == ("GET", target, b"")
    assert {name for name, _ in seen.headers} == {"Host", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto"}
    assert seen.values("X-Forwarded-For") == ["127.0.0.1"]


@pytest.mark.parametrize("token", ["a%26stream=cam1", "a;stream=cam1", "a+b", "a#b", "%61", "a=b", "a/b", "ä", ""])
def test_what_could_become_more_than_a_value_of_the_question_is_left_out_of_it(tmp_path: Path, token: str) -> None:
    with back_end.running(403) as gatepass, streams.running(tmp_path, gatepass.port) as front:
        nginx.ask(front, f"/cam2/live.m3u8?token={token}")
    cut = token.partition("#")[0] if "#" in token else ""  # a fragment is no part of the query
    assert [each.target for each in gatepass.seen] == [f"/stream/check?token={cut}&stream=cam2&action=live"]


def test_no_log_holds_a_token(guard: Streams) -> None:
    token = guard.token(live=True)
    targets = ("/cam1/live.m3u8?token={}", "/cam2/live.m3u8?token={}", "/{}", "/cam1/live.m3u8%3ftoken={}", "/x?{}#{}")
    for target in targets:
        nginx.ask(guard.nginx, target.replace("{}", token), f"Referer: http://a/?token={token}", f"User-Agent: {token}")
    assert guard.paths(5) == ["/cam1/live.m3u8", "/cam2/live.m3u8", "", "", "/x"]
    written = guard.nginx.written()
    assert not any(part in written for part in (*token.split("."), "token="))
