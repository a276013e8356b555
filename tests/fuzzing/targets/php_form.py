"""Forms and queries become the variables that a PHP beside it makes of them."""

from tests.e2e.nasty_forms import BODY_WORDS, MANY, NESTED
from tests.fuzzing import php
from v1.wire import php_form
from v1.wire.php_form import MAX_INPUT_VARS, Array, Form

SEEDS = (b"username=admin&password=p%40ss+word&debug=1", b"a[b][c]=1&a.b=2&+c=3&%00=4", *NESTED[:6], MANY[2])
WORDS = tuple(BODY_WORDS)
LONGEST = 3000


def check(data: bytes) -> None:
    query, body = php_form.parse_query(data), php_form.parse_body(data)
    assert len(query) <= MAX_INPUT_VARS and len(body) <= MAX_INPUT_VARS + 1
    assert all(name and b"\0" not in name for name in body), "a variable without a name"
    if data.count(b"&") < MAX_INPUT_VARS:
        assert shown(body) == shown(query), "a body is read as a query is"
    said = None if b"\0" in data else php.ask("q", data)  # PHP reads no query behind a NUL: no request line holds one
    if said is not None:
        assert shown(query) == said.split() if said else not query


def shown(form: Form) -> list[bytes]:
    """The variables as tests/php/oracle.php writes them."""
    return [
        name.hex().encode() + b"=" + (b"array" if isinstance(value, Array) else value.hex().encode())
        for name, value in form.items()
    ]
