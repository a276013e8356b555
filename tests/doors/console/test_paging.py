"""The pages of a long list, by that of Devices: each row on one of them, and no page that there cannot be."""

import pytest

from tests.conftest import Service
from tests.doors.console.pages_read import heading, rows
from tests.doors.console.signed_in import signed_in, tokens_of
from tests.doors.console.test_devices import PATH, phones


def test_60_sessions_are_three_pages_each_of_them_on_one(service: Service) -> None:
    phones(service, 60)
    browser = signed_in(service)
    pages = [browser.get(f"{PATH}?page={number}") for number in (1, 2, 3, 4)]
    listed = [[row[0].removesuffix(" Mobile app") for row in rows(page)[1:]] for page in pages]
    assert [len(each) for each in listed] == [25, 25, 11, 0]
    assert listed[0][1:] + listed[1] + listed[2] == [f"phone {number}" for number in range(1, 61)]
    links = [[number for number in range(5) if f'href="{PATH}?page={number}"' in page.text] for page in pages]
    assert links == [[2], [1, 3], [2], [3]]
    assert "Nothing on this page" in pages[3].text and browser.get(PATH).data == pages[0].data


@pytest.mark.parametrize("number", ["0", "-1", "abc", "401", "9" * 11, "", "01", "1.5", "%D9%A1", "+1", "0&page=1"])
def test_a_page_that_there_is_not_is_not_found(service: Service, number: str) -> None:
    answer = signed_in(service).get(f"{PATH}?page={number}")
    assert (answer.status_code, heading(answer)) == (404, "Page not found")


def test_from_a_later_page_one_comes_back_to_it(service: Service) -> None:
    phones(service, 60)
    browser = signed_in(service)
    second = browser.get(f"{PATH}?page=2")
    assert second.text.count('<input type="hidden" name="page" value="2">') == 25
    number = tokens_of(service, "mobile")[-1]
    for page, place in (("2", "&page=2"), ("", ""), ("9" * 2000, ""), ("x", ""), ("-1", ""), ("\u0662", "")):
        answer = browser.post(f"{PATH}{number}/sign-out/", page=page)
        assert sorted(answer.headers["Location"].split("?")[1].split("&"))[1:] == place.split("&")[1:]
