"""The reader of bodies that are JSON or a form: a dict of text, or the error that says what is wrong."""

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from v1.doors import json_or_form
from v1.errors import MalformedRequest, UnsupportedMediaType

FORM = "application/x-www-form-urlencoded"

READ = [
    ("application/json", '{"a": "1", "b": ""}', {"a": "1", "b": ""}),
    ("application/json; charset=utf-8", '{"ş": "📱\\u0000"}', {"ş": "📱\0"}),
    ("application/vnd.api+json", '{"a": null, "b": "null"}', {"b": "null"}),
    ("APPLICATION/JSON", "{}", {}),
    (FORM, "a=1&b=&c=%C5%9F+%26", {"a": "1", "b": "", "c": "ş &"}),
    ("application/json", '{"a": "1", "x": 1, "\\ud83d": []}', {"a": "1"}),
    (FORM + ";charset=utf-8", "a", {"a": ""}),
    (FORM, "a=1&x=1&x=2", {"a": "1"}),
    (FORM, "", {}),
    ("", "a=%7B%7D", {"a": "{}"}),
]
MALFORMED = [
    ("application/json", "", ()),
    ("application/json", "a=1", ()),
    ("application/json", "[]", ()),
    ("application/json", '"a"', ()),
    ("application/json", '{"a": "1", "a": "2"}', ()),
    ("application/json", '{"a": NaN}', ()),
    ("application/json", '{"a": 1, "b": "x", "c": [], "d": {}, "e": true}', ("a", "c", "d", "e")),
    ("application/json", '{"a": "\\ud83d"}', ("a",)),
    (FORM, "a=1&b=2&a=3&c=&c=", ("a", "c")),
    (FORM, "a=%ff", ()),
    *((content_type, b'{"a": "\xff"}', ()) for content_type in ("application/json", FORM)),
]


def read(content_type: str, body: str | bytes) -> dict[str, str]:
    builder = EnvironBuilder(method="POST", data=body, content_type=content_type or None)
    return json_or_form.read(Request(builder.get_environ()), "abcdeş")


@pytest.mark.parametrize(("content_type", "body", "fields"), READ)
def test_the_fields_asked_for_are_a_dict_of_text(content_type: str, body: str, fields: dict[str, str]) -> None:
    assert read(content_type, body) == fields


@pytest.mark.parametrize(("content_type", "body", "fields"), MALFORMED)
def test_what_is_malformed_names_the_fields_to_blame(
    content_type: str, body: str | bytes, fields: tuple[str, ...]
) -> None:
    with pytest.raises(MalformedRequest) as caught:
        read(content_type, body)
    assert caught.value.fields == fields and str(caught.value)


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "text/plain", "application/xml", "x"])
def test_a_body_of_another_type_is_not_read(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read(content_type, b"a=1")
