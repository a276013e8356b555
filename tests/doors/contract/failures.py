"""What a failed promise says: the door, what was asked, what was expected (the source of the check), and the answer."""

import inspect
import textwrap
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.conftest import ROOT

Check = Callable[[TestResponse], bool]

MOST = 1000
"""Characters of a body that are shown."""


def expect(check: Check, response: TestResponse, promise: str, wanted: bool = True) -> None:
    """Fail with everything a reader needs unless this check of a door says `wanted` of the answer."""
    __tracebackhide__ = True
    try:
        said: object = check(response)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    if said is not wanted:
        pytest.fail(f"{promise}\n{expectation(check, wanted, said)}\n{exchange(response)}")


def holds(check: Check, response: TestResponse) -> bool:
    """Does the check know this answer? One that it cannot even read is not the one that it looks for."""
    try:
        return check(response)
    except (AssertionError, AttributeError, KeyError, TypeError):
        return False


def expectation(check: Check, wanted: bool, said: object) -> str:
    """Which check was to hold, where it stands, what it said, and its source."""
    shown, source = shown_source(check)
    asked = ":\n".join(shown_source(check.__self__.is_error)) if "self.is_error(" in source else ""  # type: ignore
    return f"{shown} should be {wanted} and is {said}:\n{source}\n{asked}".rstrip()


def shown_source(function: Callable[..., bool]) -> tuple[str, str]:
    """The name of a function and where it stands; its source."""
    lines, first = inspect.getsourcelines(function)
    path = inspect.getsourcefile(function) or ""
    place = f"{path.removeprefix(f'{ROOT}/')}:{first}"
    return f"{function.__qualname__} ({place})", textwrap.indent(textwrap.dedent("".join(lines)).rstrip(), "    ")


def exchange(response: TestResponse) -> str:
    """The request and its answer, to be read by a person."""
    asked = [f"{response.request.method} {response.request.full_path.rstrip('?')}", *fields(response.request.headers)]
    got = [response.status, *fields(response.headers)]
    parts = (("asked", asked, sent(response)), ("got", got, response.get_data()))
    return "\n".join(f"{word}:\n{textwrap.indent(text(head, body), '    ')}" for word, head, body in parts)


def fields(headers: object) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]  # type: ignore[attr-defined]


def text(head: list[str], body: bytes) -> str:
    shown = body.decode("utf-8", "backslashreplace")
    return "\n".join([*head, "", shown if len(shown) <= MOST else f"{shown[:MOST]}... ({len(body)} bytes)"]).rstrip()


def sent(response: TestResponse) -> bytes:
    """The body of the request that this answers."""
    stream = response.request.environ["wsgi.input"]
    stream.seek(0)
    body: bytes = stream.read()
    return body


def alike(answers: dict[str, tuple[object, ...]]) -> None:
    """Fail unless the comparable parts of these answers are equal; the message has what differs, by name."""
    __tracebackhide__ = True
    (first, expected), *others = answers.items()
    found = [
        f"    {name}: {one!r}\n    {first}: {other!r}"
        for name, answer in others
        for one, other in zip(answer, expected, strict=True)
        if one != other
    ]
    if found:
        pytest.fail("an answer tells why it was refused; these should be equal:\n" + "\n".join(found))
