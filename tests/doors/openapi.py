"""docs/openapi.json as the tests read it: which URLs it stands for, and whether an answer is as it says."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from werkzeug.test import TestResponse

from tests.conftest import ROOT
from tests.doors.contract.failures import exchange

FILE = ROOT / "docs/openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())
DIALECT = "https://json-schema.org/draft/2020-12/schema"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
VERIFY, RPC, STREAM = "/v1/verify/", "/api/", "/stream/check"
MOUNTS = ("", "/auth/rest", "/api/rest")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def forms(path: str) -> set[str]:
    """Every URL that this path of the document stands for, as the document says, without the names of variables."""
    plain = re.sub(r"\{[^}]+\}", "{}", path)
    tags = {tag for item in DOCUMENT["paths"][path].values() if "tags" in item for tag in item["tags"]}
    if "watching" in tags:
        return {plain}
    bare = plain.removesuffix("/")
    found = {mount + bare for mount in MOUNTS} if "devicehive" in tags else {bare}
    found |= {f"{bare}/index.php"} if "login" in tags else set()
    return found | {f"{each}/" for each in found}


PATTERNS = [(re.compile(form.replace("{}", "[^/]+")), path) for path in DOCUMENT["paths"] for form in forms(path)]


@cache
def path_of(url: str) -> str:
    """The path of the document that this URL is an example of; "" for none."""
    found = [path for pattern, path in PATTERNS if pattern.fullmatch(re.sub("/+", "/", url))]
    return min(found, key=lambda path: path.count("{"), default="")


def fits(answer: TestResponse) -> None:
    """Fail unless the answer is as the document says. An operation that it does not have is passed over."""
    __tracebackhide__ = True
    path, method = path_of(answer.request.path), answer.request.method.lower()
    operation = DOCUMENT["paths"].get(path, {}).get(method)
    misfits = list(_misfits(answer, operation["responses"])) if operation else []
    if misfits:
        pytest.fail(f"{method} {path} of docs/openapi.json: {'; '.join(misfits)}\n{exchange(answer)}")


def _misfits(answer: TestResponse, described: dict[str, Any]) -> Iterator[str]:
    """What differs in status, headers and body."""
    if str(answer.status_code) not in described:
        yield f"it has no status {answer.status_code}"
        return
    expected = resolve(described[str(answer.status_code)])
    for name, header in expected.get("headers", {}).items():
        value, header = answer.headers.get(name), resolve(header)
        number = value is not None and header["schema"].get("type") == "integer"
        if header.get("required") if value is None else not is_valid(header["schema"], int(value) if number else value):
            yield f"the header {name} is {value}"
    content = expected.get("content", {}) if answer.request.method != "HEAD" else {}
    if not content and answer.data:
        yield "it has no body"
    elif content and answer.mimetype not in content:
        yield f"it has no {answer.mimetype}"
    elif content and not is_valid(content[answer.mimetype]["schema"], answer.json if answer.is_json else text(answer)):
        yield "the body does not fit its schema"


def text(answer: TestResponse) -> str:
    """The body as text, whether it is compressed or not."""
    compressed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if compressed else answer.data).decode()


def is_valid(schema: dict[str, Any], value: object) -> bool:
    """Does the value fit this schema of the document?"""
    return _validator(json.dumps(schema)).is_valid(value)


@cache
def _validator(schema: str) -> Any:
    whole = {"$schema": DIALECT, "components": DOCUMENT["components"], **json.loads(schema)}
    return jsonschema_rs.validator_for(whole)


def media() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of the document, asked or answered, with the place it is at."""
    for path, item in DOCUMENT["paths"].items():
        for method in [each for each in METHODS if each in item]:
            answers = {status: resolve(each) for status, each in item[method]["responses"].items()}
            for name, each in {"request": resolve(item[method].get("requestBody", {})), **answers}.items():
                for kind, found in each.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", found


def resolve(value: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` into the document stands for; anything else is itself."""
    found: Any = DOCUMENT
    for part in value["$ref"].removeprefix("#/").split("/") if "$ref" in value else ():
        found = found[part]
    return found if "$ref" in value else value
