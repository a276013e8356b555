"""docs/openapi.json: a valid OpenAPI 3.1 document of every URL, which the service serves.

That answers are as it says, tests/doors/conftest.py looks at in every test of the doors.
"""

import json
import re

import jsonschema_rs
import pytest

from tests.conftest import ROOT, Service
from tests.doors import openapi
from tests.doors.openapi import DIALECT, DOCUMENT, FILE, METHODS, STREAM, VERIFY

PRE_FLASK = (VERIFY, STREAM)
"""The paths that are answered before Flask, and have no rule there."""


@pytest.mark.parametrize("kind", ["schemas", "headers", "parameters"])
def test_its_schemas_are_valid_json_schemas(kind: str) -> None:
    for each in DOCUMENT["components"][kind].values():
        jsonschema_rs.meta.validate({"$schema": DIALECT, **each.get("schema", each)})


def test_it_has_the_version_of_the_package() -> None:
    assert f"\nversion = {DOCUMENT['info']['version']}\n" in (ROOT / "setup.cfg").read_text()


def test_its_examples_fit_their_schemas() -> None:
    for place, media in openapi.media():
        for name, example in media.get("examples", {}).items():
            assert openapi.is_valid(media["schema"], openapi.resolve(example)["value"]), (place, name)


def test_every_part_of_it_is_referred_to() -> None:
    text = FILE.read_text()
    for kind, parts in DOCUMENT["components"].items():
        form = '{{"{}": []}}' if kind == "securitySchemes" else f'"#/components/{kind}/{{}}"'
        assert [name for name in parts if form.format(name) not in text] == []


def documented(path: str) -> set[tuple[str, str]]:
    """Every URL of a path of the document, and each of its methods."""
    return {(form, method) for form in openapi.forms(path) for method in METHODS if method in DOCUMENT["paths"][path]}


def test_every_url_and_method_is_documented_and_every_documented_one_is_served(service: Service) -> None:
    served = {
        (re.sub(r"<[^>]+>", "{}", rule.rule), method.lower())
        for rule in service.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == set().union(*(documented(path) for path in DOCUMENT["paths"] if path not in PRE_FLASK))


@pytest.mark.parametrize("path", PRE_FLASK)
def test_the_doors_before_flask_serve_what_is_documented(path: str, service: Service) -> None:
    for form in openapi.forms(path):
        answers = {each: service.client.open(form, method=each.upper()) for each in METHODS}
        there = {(form, method) for method, answer in answers.items() if answer.status_code not in (404, 405)}
        assert there == {each for each in documented(path) if each[0] == form}


def test_the_service_serves_the_file(service: Service) -> None:
    answer = service.client.get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json == json.loads(FILE.read_text())


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda answer: answer.headers.remove("Pragma"), "the header Pragma is None"),
        (lambda answer: answer.headers.set("X-Request-Id", "/"), "the header X-Request-Id is /"),
        (lambda answer: setattr(answer, "mimetype", "text/html"), "it has no text/html"),
        (lambda answer: answer.set_data(b"{}"), "the body does not fit its schema"),
    ],
)
def test_an_answer_that_differs_from_the_document_fails_its_test(service: Service, change, said: str) -> None:
    answer = service.client.get("/healthz")
    change(answer)
    with pytest.raises(pytest.fail.Exception, match=f"^get /healthz of docs/openapi.json: {said}\nasked:\n"):
        openapi.fits(answer)


def test_every_answer_to_a_test_is_compared(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOCUMENT["paths"]["/healthz"]["get"], "responses", {})
    with pytest.raises(pytest.fail.Exception, match="it has no status 200"):
        service.client.get("/healthz")
