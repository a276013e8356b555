"""config/nginx-streams.conf against spellings: whatever the URL, what is served is what the token is good for."""

import pytest

from tests.e2e import nginx
from tests.e2e.streams import FIRST, LATER, Streams

OWN = "/cam1/live.m3u8"
OTHER = "/cam2/live.m3u8"


@pytest.fixture(scope="module")
def tokens(guard: Streams) -> dict[str, str]:
    """`own` is good for live and one second of the archive of cam1, `tail` is own without its e; `other` is good for
    all of cam2."""
    own = guard.token("cam1", live=True, dvr=True, **{"from": FIRST, "to": FIRST})
    return {"own": own, "tail": own[1:], "other": guard.token("cam2", live=True, dvr=True, copy=True)}


@pytest.mark.parametrize(
    "target",
    [
        *("//cam1//live.m3u8", "/cam1/./live.m3u8", "/./cam1/live.m3u8", "/cam1/%2e/live.m3u8", "/cam1/x/../live.m3u8"),
        *("/cam2/../cam1/live.m3u8", "/cam2/%2e%2e/cam1/live.m3u8", "/cam1/..%2fcam1/live.m3u8", "/cam1%2Flive.m3u8"),
        *("/cam1/archive/../live.m3u8", "/%63am1/%6Cive.m3u8", "/cam1/live%2Em3u8"),
        *("http://elsewhere/cam1/live.m3u8", "http://cam2/x/../cam1/live.m3u8"),
    ],
)
def test_the_streams_own_file_is_served_by_any_name_of_it(
    guard: Streams, tokens: dict[str, str], target: str
) -> None:
    answer = guard.ask(target, tokens["own"])
    assert (answer.status, answer.body) == (200, OWN.encode())
    assert guard.ask(target, tokens["other"]).status == 403


@pytest.mark.parametrize(
    "target",
    [
        *(OTHER, "/cam1/../cam2/live.m3u8", "/cam1/%2e%2e/cam2/live.m3u8", "/cam1/%2E%2E/cam2/live.m3u8"),
        *("/cam1/.%2e/cam2/live.m3u8", "/cam1/%2e%2e%2fcam2/live.m3u8", "/cam1/..%2fcam2/live.m3u8"),
        *("/cam1/..%2Fcam2%2Flive.m3u8", "/cam1//../cam2/live.m3u8", "/cam1/x/..//..//cam2/live.m3u8"),
        *("/cam1/./../cam2/live.m3u8", "//cam2//live.m3u8", "/cam1/live.m3u8/../../cam2/live.m3u8"),
        *("/cam1/%252e%252e/cam2/live.m3u8", "/cam1/..%252fcam2/live.m3u8", "/cam1/..%c0%afcam2/live.m3u8"),
        *("/cam1/..;/cam2/live.m3u8", "/cam1;/live.m3u8", "/cam1/live.m3u8;", "/cam1/live.m3u8;/../../cam2/live.m3u8"),
        *("/cam1\\live.m3u8", "/cam1/..\\cam2/live.m3u8", "/cam1\\..\\cam2/live.m3u8", "/cam1/%5c../cam2/live.m3u8"),
        *("/cam1/..%5c..%5ccam2/live.m3u8", "/cam1#/../cam2/live.m3u8", "/cam1%23/../cam2/live.m3u8"),
        *("/cam1%3f/../cam2/live.m3u8", "/cam1%26stream=cam1/live.m3u8", "/cam1&stream=cam1/live.m3u8"),
        *("/cam2&stream=cam1/live.m3u8", "/cam2%26stream%3dcam1/live.m3u8", "/cam1 /live.m3u8", "/cam1%20/live.m3u8"),
        *("/cam1%00/../cam2/live.m3u8", "/cam1/live.m3u8%00", "/cam2/live.m3u8%00", "/cam1\x00/../cam2/live.m3u8"),
        *("/CAM1/live.m3u8", "/cam1/LIVE.m3u8", "/cam1/live.M3U8", "/cam1/live.m3u8%0a", "/cam1/live.m3u8%20"),
        *("/cam1/live.m3u8/", "/cam1/live.m3u8.", "/cam1/live-.ts", "/cam1/live-1/../../cam2/live-0001.ts"),
        *("/cam1/", "/cam1", "/", "", "*", "/cam1/secret.txt", "/cam1/archive/index.m3u8", "/cam1/archive/"),
        *(f"/cam1/archive/{LATER}.ts", f"/cam1/archive/{FIRST}.ts/../{LATER}.ts"),
        *(f"/cam1/archive/{FIRST}/../{LATER}.ts", f"/cam1/archive/{FIRST}.ts%2f..%2f{LATER}.ts"),
        *(f"/cam1/copy/{FIRST}.mp4", f"/cam2/archive/{FIRST}.ts", f"/cam1/archive/..%2fcopy/{FIRST}.mp4",),
        *(f"/cam1/archive/../../cam2/archive/{FIRST}.ts", f"/cam1/archive/{LATER}%2Ets"),
        *("/../../etc/passwd", "/../cam2/live.m3u8", "/cam1/../../nginx.conf", "/cam1/..%2f..%2fnginx%2fnginx.conf"),
        *("/_gatepass_stream_check", "//_gatepass_stream_check", "/@gatepass_stream_down", "/stream/check"),
        *("http://cam1/../cam2/live.m3u8", "http://cam1/cam2/live.m3u8", "cam1/live.m3u8", "//cam1/cam2/live.m3u8"),
    ],
)
def test_no_spelling_gets_what_the_token_is_not_good_for(guard: Streams, tokens: dict[str, str], target: str) -> None:
    answer = guard.ask(target, tokens["own"])
    assert answer.status in (400, 403, 404)
    assert b"/cam" not in answer.body


def test_above_the_folder_there_is_nothing(guard: Streams, tokens: dict[str, str]) -> None:
    assert guard.ask("/../cam1/live.m3u8", tokens["own"]).status == 400


@pytest.mark.parametrize(
    "query",
    [
        *("token={own}", "TOKEN={own}", "&&token={own}&", "x=1&token={own}&y", "x?token=&token={own}", "token={own}#x"),
        *("token={own}&token={other}", "token={own}&token=", "token={own}&stream=cam2&action=copy&at=1"),
    ],
)
def test_the_first_token_of_the_query_counts_and_no_other_parameter(
    guard: Streams, tokens: dict[str, str], query: str
) -> None:
    query = query.format(**tokens)
    own = nginx.ask(guard.nginx, f"{OWN}?{query}")
    assert (own.status, own.body) == (200, OWN.encode())
    assert nginx.ask(guard.nginx, f"{OTHER}?{query}").status == 403


@pytest.mark.parametrize(
    "query",
    [
        *("", "token", "token=", "token=&token={own}", "token={other}&token={own}", "token=x&token={own}"),
        *("xtoken={own}", "x;token={own}", "token%3d{own}", "%74oken={own}", "x#token={own}", "token[]={own}"),
        *("token={own}%26stream=cam1", "token={own}%26stream=cam1%26action=live", "token={own}%2526stream=cam1"),
        *("token={own};stream=cam1", "token={own}%23", "token={own}%00", "token={own}\x00", "token={own}+"),
        *("token={own}%0a", "token={own},{own}", "token=={own}", "token=%65{tail}", "token=Bearer%20{own}"),
        *("token={own}/../x", "token =x{own}", "token={own}\\", "token={own}\t", "token={own}\xff", "token={own}?x"),
        *("token=${{gatepass_stream_token}}", "token=$arg_x&x={own}"),
    ],
)
def test_what_is_not_one_plain_token_is_none(guard: Streams, tokens: dict[str, str], query: str) -> None:
    for path in (OWN, OTHER):
        answer = nginx.ask(guard.nginx, f"{path}?{query.format(**tokens)}")
        if "{other}" in query and path == OTHER:
            assert (answer.status, answer.body) == (200, OTHER.encode())  # as that one comes first
        else:
            assert answer.status in (400, 403)
            assert b"/cam" not in answer.body
