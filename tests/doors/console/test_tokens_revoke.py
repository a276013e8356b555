"""An administrator revokes API tokens of anybody's: one or several, after a question that names them."""

import pytest

from tests.conftest import Service
from tests.doors.apiops.test_login import hello
from tests.doors.console.pages_read import heading, notice
from tests.doors.console.signed_in import (
    UNKNOWN,
    Browser,
    Scene,
    goes_to,
    notice_for_next_page,
    session_of,
    with_notice,
)
from tests.doors.console.test_tokens_all import add
from tests.doors.kinds import mint

PATH = "/console/tokens/revoke/"
LIST = "/console/tokens/"


def revoke(browser: Browser, *tokens: object, to: str = LIST, **fields: str) -> str:
    """Revoke these after the question; the notice of the page that it leads to."""
    answer = browser.post(PATH + "?" + "&".join(f"token={each}" for each in tokens), **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, to)
    return notice_for_next_page(answer)


def ids(service: Service, where: str = "kind IN ('api', 'personal', 'stream')") -> list[int]:
    found = service.server.sql(f"SELECT id FROM auth_tokens WHERE {where} ORDER BY id", "gatepass")
    return [int(each) for each in found.split()]


def events(service: Service) -> list[list[str]]:
    service.core.write_behind.write()
    columns = "user_id, token_id, device, reason, actor, times"
    found = service.server.sql(f"SELECT {columns} FROM events WHERE event = 'token.revoked' ORDER BY id", "gatepass")
    return [line.split("\t") for line in found.splitlines()]


def test_the_question_names_them_and_revokes_nothing(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    one, other = add(service, "nightly"), add(service, "<b>", kind="personal", user_id=seen.ids["user"])
    asked = browser.get(f"{PATH}?token={one}")
    assert heading(asked) == "Revoke this API token?" and "nightly" in asked.text
    asked = browser.get(f"{PATH}?token={one}&token={other}&token={one}&token={UNKNOWN}")
    assert heading(asked) == "Revoke these API tokens?"
    assert "&lt;b&gt;" in asked.text and "Selected tokens that are gone already: 1." in asked.text
    assert f'action="/console/tokens/revoke/?token={one}&amp;token={other}"' in asked.text
    assert {one, other} <= set(ids(service))


def test_they_are_refused_at_once_and_the_log_says_by_whom(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    text = mint(service, "personal", "other")
    one, other, stays = add(service, "nightly"), int(session_of(service, text)), add(service, "stays")
    assert revoke(browser, one, other) == "tokens-revoked"
    assert hello(service, text).status_code == 401
    assert stays in ids(service) and not {one, other} & set(ids(service))
    by = f"user {session_user(seen)}"
    assert [each[:2] + each[3:] for each in sorted(events(service), key=lambda each: each[3])] == [
        ["0", str(one), "api", by, "1"],
        [str(seen.ids["user"]), str(other), "personal", by, "1"],
    ]
    said = notice(browser.get(LIST))
    assert said == "The tokens were revoked. They are refused from now on."


def session_user(seen: Scene) -> int:
    return int(seen.browser.service.server.sql("SELECT id FROM users WHERE username = 'admin'", "gatepass"))


def test_those_that_are_gone_meanwhile_are_left_out_and_said(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    one, other = add(service, "a"), add(service, "b")
    assert revoke(browser, one) == "token-revoked"
    assert revoke(browser, one, other) == "tokens-revoked-some"
    assert revoke(browser, one, other) == "token-gone", "sent again"
    place = "filter=never&page=2"
    assert goes_to(browser.get(f"{PATH}?token={one}&{place}"), f"{LIST}?{place}", "token-gone")
    assert len(events(service)) == 2


def test_only_api_tokens_are_revoked_here(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    others = [add(service, kind, kind=kind) for kind in ("mobile", "stream", "management", "console", "jwt_refresh")]
    assert revoke(browser, *others) == "token-gone"
    assert goes_to(browser.get(f"{PATH}?token={others[0]}"), LIST, "token-gone")
    assert set(others) <= set(ids(service, "TRUE")) and events(service) == []


def test_stream_tokens_stay_unless_they_are_asked_for(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    for streams in (False, True):
        api = add(service, "video", claims='{"scope": "stream"}')
        children = [add(service, "cam", kind="stream", parent_id=api) for _ in range(3)]
        assert "Also revoke the stream tokens" in browser.get(f"{PATH}?token={api}").text
        assert revoke(browser, api, **({"streams": "1"} if streams else {})) == "token-revoked"
        assert ids(service, f"parent_id = {api}") == ([] if streams else children)
        assert events(service)[-1][5] == ("4" if streams else "1")
    plain = add(service, "orders", claims='{"scope": "introspect"}')
    assert "stream tokens" not in browser.get(f"{PATH}?token={plain}").text


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({}, LIST),
        ({"filter": "unused", "page": "3"}, f"{LIST}?filter=unused&page=3"),
        ({"owner": "7", "page": "2", "filter": "never"}, "/console/users/7/?page=2"),
        ({"owner": "7//evil.example", "filter": "<", "page": "0"}, LIST),
        ({"owner": "٣", "page": "401"}, LIST),
    ],
)
def test_the_way_back_leads_to_where_they_were_chosen(seen: Scene, query: dict[str, str], place: str) -> None:
    number = add(seen.browser.service, "nightly")
    asked = seen.browser.get(f"{PATH}?token={number}&{'&'.join(map('='.join, query.items()))}")
    assert f'<a class="button" href="{place.replace("&", "&amp;")}">Cancel</a>' in asked.text
    assert revoke(seen.browser, number, to=place, **query) == "token-revoked"


@pytest.mark.parametrize("query", [f"token={each}" for each in ("0", "-1", "x", "", "1&token=%00", "9" * 11)])
def test_what_can_be_no_id_is_not_found(seen: Scene, query: str) -> None:
    assert seen.browser.get(f"{PATH}?{query}").status_code == seen.browser.post(f"{PATH}?{query}").status_code == 404


def test_there_are_at_most_25_at_once_and_at_least_one(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    many = [add(service, str(number)) for number in range(26)]
    query = "&".join(f"token={each}" for each in many)
    for answer in (browser.get(f"{PATH}?{query}"), browser.post(f"{PATH}?{query}")):
        assert (answer.status_code, heading(answer)) == (400, "That did not work")
    assert len(set(many) & set(ids(service))) == 26
    assert revoke(browser, *many[:25]) == "tokens-revoked"
    assert goes_to(browser.get(PATH), LIST, "none-chosen") and revoke(browser) == "token-gone"
    said = notice(with_notice(browser, "none-chosen", LIST))
    assert said == "Nothing was revoked: first tick the tokens in the list."


def test_from_the_page_of_a_user_an_api_token_is_asked_about_too(seen: Scene) -> None:
    service, browser, other = seen.browser.service, seen.browser, seen.ids["user"]
    number = add(service, "nightly", kind="personal", user_id=other)
    page, question = f"/console/users/{other}/", f"{PATH}?token={number}&owner={other}"
    assert f'href="{question.replace("&", "&amp;")}"' in browser.get(page).text
    assert goes_to(browser.post(f"{page}sessions/{number}/revoke/"), question)
    assert number in ids(service) and "nightly" in browser.get(question).text
    assert revoke(browser, number, to=page, owner=str(other)) == "token-revoked"
