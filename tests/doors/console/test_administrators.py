"""Everybody but administrators gets 404 for the administrators' paths."""

import pytest

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import heading, notice
from tests.doors.console.signed_in import (
    PAGES,
    POSTS,
    Browser,
    Scene,
    administrator,
    goes_to,
    is_sign_in,
    signed_in,
    user_id,
    visitor,
)
from v1.doors.console import ADMINISTRATOR

NAMES = {name for _, name, _, _ in ADMINISTRATOR}
ADMIN_PAGES = [path for name, path in PAGES if name in NAMES]
ADMIN_POSTS = [(path, fields) for name, path, fields in POSTS if name in NAMES]
ADMIN_POSTS += [("/console/users/{user}/enable/", {}), ("/console/users/{user}/revoke-all/", {})]


@pytest.fixture
def ordinary(seen: Scene) -> Browser:
    return signed_in(seen.browser.service, "other")


@pytest.mark.parametrize("path", [*ADMIN_PAGES, "/console/users/{user}/enable/", "/console/users/?search=a&page=401"])
def test_others_get_the_answer_of_an_unknown_path_for_a_page(seen: Scene, ordinary: Browser, path: str) -> None:
    assert seen.browser.get(path.format(**seen.ids)).status_code == (404 if path.endswith("page=401") else 200)
    for number in (seen.ids["user"], user_id(seen.browser.service), 2_000_000_000, "x"):
        found = ordinary.get(path.format(**seen.ids | {"user": number}))
        unknown = ordinary.get("/console/no/such/page/")
        assert (found.status_code, heading(found)) == (404, "Page not found")
        assert found.data == unknown.data
        assert {name for name, _ in found.headers} == {name for name, _ in unknown.headers}


@pytest.mark.parametrize(("path", "fields"), ADMIN_POSTS)
def test_others_get_the_answer_of_an_unknown_path_for_an_act(
    seen: Scene, ordinary: Browser, path: str, fields: dict
) -> None:
    before = seen.state()
    found = ordinary.post(path.format(**seen.ids), **fields)
    unknown = ordinary.post("/console/no/such/page/")
    assert (found.status_code, found.data) == (404, unknown.data)
    assert ordinary.post(path.format(**seen.ids), session="x").data == unknown.data
    assert seen.state() == before
    theirs = ordinary.post(path.format(**seen.ids | {"user": user_id(ordinary.service)}), **fields)
    assert (theirs.data, seen.state()) == (unknown.data, before)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "BREW"])
def test_others_get_the_answer_of_an_unknown_path_for_every_method(
    seen: Scene, ordinary: Browser, method: str
) -> None:
    none, there = (404, False), (200 if method == "OPTIONS" else 405, True)
    for browser, expected in ((ordinary, none), (visitor(ordinary.service), none), (seen.browser, there)):
        unknown = browser.client.open("/console/x/", method=method)
        for path in [*ADMIN_PAGES, *(path for path, _ in ADMIN_POSTS)]:
            found = browser.client.open(path.format(**seen.ids), method=method)
            assert (found.status_code, "Allow" in found.headers) == expected
            assert found.data == unknown.data or expected == there


def test_both_answers_are_in_the_readers_language(ordinary: Browser) -> None:
    assert goes_to(ordinary.post("/console/profile/", language="tr"), "/console/profile/", "profile")
    assert notice(ordinary.get("/console/profile/"))
    ordinary.client.delete_cookie("gatepass_language")
    found, unknown = (ordinary.get(path, Accept_Language="en") for path in ("/console/users/", "/console/x/"))
    assert found.data == unknown.data and '<html lang="tr"' in found.text


def test_who_is_not_signed_in_is_asked_to_sign_in_first(service: Service) -> None:
    for path in ADMIN_PAGES:
        assert is_sign_in(visitor(service).get(path.format(user=1, token=1)))


def test_only_administrators_see_the_way_there_and_begin_there(service: Service) -> None:
    add_user(service.server, "other")
    links = ('href="/console/overview/"', 'href="/console/users/"')
    others, ours = signed_in(service, "other"), administrator(service)
    assert goes_to(others.get("/console/"), "/console/profile/")
    assert goes_to(ours.get("/console/"), "/console/overview/")
    for browser, there in ((others, False), (ours, True)):
        for path in ("/console/profile/", "/console/devices/", "/console/x/"):
            assert [link in browser.get(path).text for link in links] == [there, there]


def test_who_is_made_one_or_no_longer_one_sees_it_with_the_next_request(service: Service) -> None:
    browser = administrator(service)
    other = user_id(service, "other")
    assert browser.get("/console/overview/").status_code == 200
    service.server.sql("UPDATE users SET is_admin = 0", "gatepass")
    assert [browser.get(path).status_code for path in ("/console/overview/", "/console/users/")] == [404, 404]
    assert browser.post(f"/console/users/{other}/disable/").status_code == 404
    assert goes_to(browser.get("/console/"), "/console/profile/"), "the session itself is good"
    service.server.sql("UPDATE users SET is_admin = 1", "gatepass")
    assert browser.get("/console/users/").status_code == 200


def test_an_access_level_of_phps_makes_no_administrator(service: Service) -> None:
    service.server.sql("UPDATE users SET access_level = 2147483647", "gatepass")
    assert signed_in(service).get("/console/users/").status_code == 404
