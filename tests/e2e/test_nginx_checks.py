"""What nginx asks, with the operator's examples, is a plain check: the worker's main loop answers it."""

from pathlib import Path

from tests.e2e import back_end, nginx, streams
from tests.e2e.back_end import BackEnd, Seen
from v1.server.request import plain_check

BROWSER = ("Authorization: Bearer x", "Cookie: a=b", "User-Agent: Mozilla/5.0 (X11)", "Accept: */*")


def asked(gatepass: BackEnd, path: str) -> list[Seen]:
    return [each for each in gatepass.seen if each.target.startswith(path)]


def is_plain(seen: Seen) -> bool:
    lines = [f"{seen.method} {seen.target} HTTP/1.1", *(f"{name}: {value}" for name, value in seen.headers), "", ""]
    return plain_check.read("\r\n".join(lines).encode()) is not None


def test_the_check_of_a_guarded_page_is_plain(tmp_path: Path) -> None:
    with back_end.running() as gatepass, nginx.running(tmp_path / "nginx", gatepass.port, gatepass.port) as front:
        assert nginx.ask(front, "/page", *BROWSER).status == 200
        assert nginx.ask(front, "/page", *BROWSER, "Content-Type: text/plain", method="POST", body=b"x").status == 200
        assert nginx.ask(front, "/page").status == 200
    checks = asked(gatepass, "/v1/verify/")
    assert len(checks) == 3 and all(map(is_plain, checks)), checks


def test_the_check_of_a_stream_is_plain(tmp_path: Path) -> None:
    with back_end.running(204) as gatepass, streams.running(tmp_path, gatepass.port) as front:
        assert nginx.ask(front, f"/cam1/{streams.LIVE[0]}?token=x", *BROWSER).status == 200
        assert nginx.ask(front, f"/cam1/{streams.ARCHIVE[0]}?token=x", "Range: bytes=0-9").status == 206
    checks = asked(gatepass, "/stream/check")
    assert len(checks) == 2 and all(map(is_plain, checks)), checks
