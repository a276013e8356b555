"""config/nginx.conf where the check cannot be made: 503 and nothing let through, and no word of it in the logs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Gunicorn, add_user
from tests.e2e import back_end, nginx, wire
from tests.e2e.faults import over_tcp, started_again
from tests.e2e.nginx import ask, bearer
from tests.ports import free_port
from tools import private_server
from tools.private_server import Server

SECRET = "hunter2"


def is_down(answer: wire.Answer) -> bool:
    return (answer.status, answer.code) == (503, "5501") and int(answer.headers["retry-after"]) > 0


def test_with_the_database_down_a_good_token_is_503_and_good_again_afterwards(
    own_server: Server, gunicorn: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    add_user(own_server, "admin")
    nginx.command()
    gatepass = gunicorn(own_server, **over_tcp(own_server))
    with back_end.running() as guarded, nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
        token = bearer(wire.log_in(gatepass))
        assert ask(front, "/page", token).status == 200
        private_server.stop(own_server)

        assert is_down(ask(front, f"/page?{SECRET}", token))
        assert is_down(ask(front, f"/page?{SECRET}", token, method="POST", body=b"x"))
        assert ask(front, "/page").status == 401  # no token, no question
        assert ask(front, "/v1/sessions/", token).code == "5501"
        assert len(guarded.seen) == 1

        with started_again(own_server):
            assert ask(front, "/page", token).status == 200
        assert SECRET not in front.written()


def test_with_gatepass_down_nobody_is_let_through_and_apps_are_told_in_their_form(tmp_path: Path) -> None:
    with back_end.running() as guarded, nginx.running(tmp_path / "nginx", free_port(), guarded.port) as front:
        token = f"Authorization: Bearer {SECRET}"
        for target in (f"/page?{SECRET}", f"/v1/oauth/?password={SECRET}", "/v1/verify/", "/v1/sessions/"):
            assert is_down(ask(front, target, token))
            assert is_down(ask(front, target, method="POST", body=b"x"))
        assert guarded.seen == []
        assert ask(front, "/open").status == 200
        assert [(line["path"], line["status"], line["upstream"]) for line in front.lines(3)] == [
            ("/v1/sessions/", "503", "502"),
            ("/v1/sessions/", "503", "502"),
            ("/open", "200", "200"),
        ]
        assert SECRET not in front.written()


def test_what_nginx_calls_critical_is_not_written_down_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a connect() that fails otherwise than by a refusal: nginx quotes the request line then as well."""
    port, changed = free_port(), nginx.changed
    nowhere = (f"server 127.0.0.1:{port};", "server unix:/nowhere/gatepass.sock;")
    monkeypatch.setattr(nginx, "changed", lambda *ports: changed(*ports).replace(*nowhere))
    with nginx.running(tmp_path / "nginx", port, port) as front:
        assert is_down(ask(front, f"/v1/oauth/?password={SECRET}"))
        assert is_down(ask(front, f"/page?{SECRET}", "Authorization: Bearer x"))
        assert [line["status"] for line in front.lines(2)] == ["503", "503"]
        assert SECRET not in front.written()


@pytest.mark.parametrize("status", [204, 302, 400, 403, 404, 413, 429, 500, 502, 504])
def test_only_2xx_lets_through(tmp_path: Path, status: int) -> None:
    with back_end.running(status, {"Location": "/x"}) as gatepass, back_end.running() as guarded:
        with nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
            answer = ask(front, "/page", "Authorization: Bearer x")
    assert len(guarded.seen) == (1 if status == 204 else 0)
    assert answer.status == {204: 200, 403: 403}.get(status, 503)
    assert "location" not in answer.headers


def test_the_back_ends_own_errors_are_its_own(tmp_path: Path) -> None:
    with back_end.running() as gatepass, back_end.running(500, {"X-Mine": "1"}) as guarded:
        with nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
            answer = ask(front, "/page", "Authorization: Bearer x")
    assert (answer.status, answer.headers["x-mine"]) == (500, "1")
