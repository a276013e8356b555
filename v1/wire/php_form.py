"""PHP's `$_POST` and `$_GET` of urlencoded text: which variable each pair becomes, byte for byte.

The rules are those of main/php_variables.c in PHP 8. A test compares the result with a real PHP.
"""

from typing import Final
from urllib.parse import unquote_to_bytes

MAX_INPUT_VARS: Final = 1000
MAX_NESTING: Final = 64


class Array:
    """The value of a name with brackets, an array in PHP. Its contents are dropped, because no field is an array."""

    def __repr__(self) -> str:
        return "array"


ARRAY: Final = Array()
Form = dict[bytes, bytes | Array]

_UNDERSCORES: Final = bytes.maketrans(b" .[", b"___")
"""What no name of a variable may hold."""


def parse_body(body: bytes) -> Form:
    """`$_POST` of an application/x-www-form-urlencoded body. Like PHP, it reads one pair more than `max_input_vars`."""
    form: Form = {}
    for pair in body.split(b"&")[: MAX_INPUT_VARS + 1] if body else []:
        _register_pair(form, pair)
    return form


def parse_query(query: bytes) -> Form:
    """`$_GET`: like a body, but empty pairs do not count towards `max_input_vars`."""
    form: Form = {}
    for pair in [pair for pair in query.split(b"&") if pair][:MAX_INPUT_VARS]:
        _register_pair(form, pair)
    return form


def _register_pair(form: Form, pair: bytes) -> None:
    name, _, value = pair.partition(b"=")
    register(form, _decode(name), _decode(value))


def _decode(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def register(form: Form, name: bytes, value: bytes) -> None:
    """`php_register_variable_ex`: set the variable. A later one replaces an earlier one; brackets make an array."""
    name = name.partition(b"\0")[0].lstrip(b" ")
    plain, bracket, rest = name.partition(b"[")
    plain = plain.translate(_UNDERSCORES)
    if not plain:
        return
    if not bracket:
        form[plain] = value
    elif (depth := _nesting(rest)) == 0:
        form[plain + b"_" + rest.translate(_UNDERSCORES)] = value  # the first bracket is never closed
    elif depth > MAX_NESTING:
        form.pop(plain, None)
    else:
        form[plain] = ARRAY


def _nesting(rest: bytes) -> int:
    """The number of bracket pairs in `name[` + rest; 0 if the first one is never closed."""
    depth = 0
    while (end := _closing(rest)) >= 0:
        depth += 1
        rest = rest[end + 1 :]
        if not rest.startswith(b"["):
            return depth
        rest = rest[1:]
    return depth + 1 if depth >= MAX_NESTING else depth  # PHP counts an opening bracket before it looks for its end


def _closing(rest: bytes) -> int:
    return rest.find(b"]")
