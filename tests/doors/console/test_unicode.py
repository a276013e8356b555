"""The console finds a password in whatever Unicode form it is typed; new ones are stored as NFC."""

import unicodedata

import pytest

from tests.auth.guessing import limited
from tests.conftest import Service, add_user
from tests.doors.console.signed_in import goes_to, signed_in, visitor
from tests.doors.contract import MakeService
from v1.passwords import unicode_forms

TEXTS = ["pâté-şifre", "Zoë 1234", "각하각하각하각하", "ﬁnÅngström", "ẛ̣ẛ̣ẛ̣ẛ̣ẛ̣"]
"""Each is another text in form NFC than in NFD."""

DONE = ("/console/profile/", "password")


def forms(text: str) -> tuple[str, str]:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert composed != decomposed
    return composed, decomposed


def add(service: Service, password: str) -> None:
    add_user(service.server, "ann", service.core.passwords.hash(password.encode()).decode())


def logs_in(service: Service, password: str, name: str = "ann") -> bool:
    """At the mobile door, which takes bytes."""
    return service.client.post("/v1/oauth/", data={"username": name, "password": password}).json["success"] is True


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("stored", [0, 1], ids=["NFC", "NFD"])
def test_a_password_is_found_in_the_form_that_it_was_set_in(service: Service, text: str, stored: int) -> None:
    add(service, forms(text)[stored])
    for typed in forms(text):
        assert visitor(service).sign_in("ann", typed).status_code == 303
        assert visitor(service).sign_in("ann", typed + "x").status_code == 403
        assert logs_in(service, typed) is (typed == forms(text)[stored]), "other doors take bytes as they come"
    assert visitor(service).sign_in("nobody", forms(text)[0]).status_code == 403


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("stored", [0, 1], ids=["NFC", "NFD"])
def test_the_current_one_may_be_typed_in_either_form_and_a_new_one_is_stored_as_nfc(
    service: Service, text: str, stored: int
) -> None:
    add(service, forms(text)[stored])
    browser = signed_in(service, "ann", password=forms(text)[stored])
    composed, decomposed = forms("ñew " + text)
    for current, new, again in ((forms(text)[1 - stored], decomposed, composed), (decomposed, "plain text", "")):
        answer = browser.post("/console/password/", current=current, new=new, again=again or new)
        assert goes_to(answer, *DONE)
        assert logs_in(service, unicodedata.normalize("NFC", new))
    assert not logs_in(service, composed)


def test_the_same_password_in_another_form_is_no_new_one(service: Service) -> None:
    composed, decomposed = forms(TEXTS[0])
    add(service, composed)
    browser = signed_in(service, "ann", password=composed)
    answer = browser.post("/console/password/", current=composed, new=decomposed, again=decomposed)
    assert answer.status_code == 400 and "This is your current password." in answer.text


def test_both_forms_are_one_guess(make_service: MakeService) -> None:
    service = limited(make_service, THROTTLE_PAIR="5")
    browser = signed_in(service)
    for count, typed in enumerate(forms(TEXTS[0]), 1):
        assert visitor(service).sign_in(password=typed).status_code == 403
        fields = {"current": typed, "new": "correct horse", "again": "correct horse"}
        assert browser.post("/console/password/", **fields).status_code == 403
        failures = service.server.sql("SELECT failures FROM login_throttle WHERE scope = 'pair'", "gatepass")
        assert failures == f"{2 * count}\n"


def test_bytes_that_are_no_text_and_very_long_passwords_stay_as_they_are() -> None:
    marks = ("e" + "\u0301\u0323" * 20_000).encode()
    for password in (b"", b"plain", b"\xff\xfe", b"e\xcc", b"\xed\xa0\x80", marks, "é".encode() * 513):
        assert unicode_forms.composed(password) == password and unicode_forms.other(password) is None
    most = "e\u0301" * 341
    assert unicode_forms.composed(most.encode()) == ("é" * 341).encode()
    assert unicode_forms.other(("é" * 341).encode()) == most.encode()
