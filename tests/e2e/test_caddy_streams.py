"""config/caddy/Caddyfile over a folder of streams keeps what config/nginx-streams.conf keeps: nginx's own tests."""

from collections.abc import Iterator

import pytest

from tests.e2e import caddy, nginx
from tests.e2e.streams import LIVE, Streams
from tests.e2e.test_nginx_streams import (  # noqa: F401
    test_a_piece_of_a_file_or_its_head_needs_the_same_rights,
    test_a_second_that_no_token_can_name_is_refused,
    test_a_token_for_live_opens_live_of_its_own_stream_and_nothing_else,
    test_a_token_that_is_expired_or_revoked_opens_nothing_from_then_on,
    test_no_other_method_gets_or_changes_anything,
    test_the_archive_and_copies_of_it_open_between_the_tokens_bounds,
    test_what_no_location_names_is_refused_whatever_the_token,
    test_whatever_is_no_live_stream_token_opens_nothing,
)
from tests.e2e.test_nginx_streams_paths import (  # noqa: F401
    OTHER,
    OWN,
    test_no_spelling_gets_what_the_token_is_not_good_for,
    test_the_streams_own_file_is_served_by_any_name_of_it,
    tokens,
)
from tools.private_server import Server


@pytest.fixture(scope="module")
def guard(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Streams]:
    with caddy.over_streams(tmp_path_factory.mktemp("streams"), migrated) as made:
        yield made


@pytest.mark.parametrize(
    "query",
    [
        *("", "token", "token=", "token={own}%26stream=cam1", "token={own}%2526stream=cam1", "token={own}%23"),
        *("token={own}%00", "token={own}+", "token={own}%0a", "token={own},{own}", "token=Bearer%20{own}"),
        *("token={own}%26stream=cam2%26action=live", "token={query.token}&x={own}", "xtoken={own}"),
        *("stream=cam2&action=live&at=1", "token=x&stream=cam2", "token={own};stream=cam1"),
    ],
)
def test_what_is_not_one_token_is_none(guard: Streams, tokens: dict[str, str], query: str) -> None:  # noqa: F811
    for path in (OWN, OTHER):
        answer = nginx.ask(guard.nginx, f"{path}?{query.replace('{own}', tokens['own'])}")
        assert answer.status in (400, 403)
        assert b"/cam" not in answer.body


def test_another_parameter_adds_nothing_to_the_question(guard: Streams, tokens: dict[str, str]) -> None:  # noqa: F811
    for more in ("stream=cam2&action=copy&at=1", "token=", f"token={tokens['other']}", "%26stream=cam2"):
        assert nginx.ask(guard.nginx, f"{OTHER}?token={tokens['own']}&{more}").status == 403


def test_no_log_holds_a_token(guard: Streams) -> None:
    token = guard.token(live=True)
    assert guard.statuses(token, *LIVE) == [200, 200]
    for target in (f"/cam2/live.m3u8?token={token}", f"/{token}", f"/cam1/live.m3u8%3ftoken={token}"):
        nginx.ask(guard.nginx, target, f"Referer: http://a/?token={token}", f"User-Agent: {token}")
    written = guard.nginx.written()
    assert '"uri":"/cam1/live.m3u8***"' in written
    assert not any(part in written for part in (*token.split("."), "token="))
