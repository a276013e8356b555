"""PHP's `$_POST` of multipart/form-data. Files are skipped.

The rules are those of main/rfc1867.c in PHP 8, also where they are lenient. Without a last boundary the last value goes
to the end of the body. A part without a name ends the form.
"""

from collections.abc import Iterator

from v1.wire.php_form import MAX_INPUT_VARS, Form, register

_SPACE = b" \t\n\v\f\r"


def boundary(content_type: bytes) -> bytes | None:
    """The boundary parameter, or None if PHP finds none (a "Missing boundary" warning and an empty form)."""
    start = content_type.lower().find(b"boundary")
    _, equals, text = content_type[start:].partition(b"=") if start >= 0 else (b"", b"", b"")
    if not equals:
        return None
    if text.startswith(b'"'):
        quoted, end, _ = text[1:].partition(b'"')
        return quoted if end else None
    return text.replace(b";", b",").partition(b",")[0]


def parse(body: bytes, boundary_parameter: bytes) -> Form:
    """`$_POST` of a multipart body, by the boundary parameter of its Content-Type."""
    form: Form = {}
    count = 0
    for name, value in _variables(body, b"--" + boundary_parameter):
        count += 1
        if count <= MAX_INPUT_VARS:
            register(form, name, value)
    return form


def _variables(body: bytes, delimiter: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and the value of each part that is not a file. The delimiter is `--` and the boundary parameter."""
    rest = _after_boundary_line(body, delimiter)
    while rest is not None:
        headers, rest = _headers(rest)
        disposition = next((value for name, value in headers if name == b"content-disposition"), None)
        if disposition is not None:
            name, filename = _disposition(disposition)
            if name is None and filename is None:
                return
            if filename != b"":  # "no file was chosen": PHP goes straight on to look for the next boundary line
                value, rest = _value(rest, delimiter)
                if name is not None and filename is None:
                    yield name, value
        rest = _after_boundary_line(rest, delimiter)


def _line(data: bytes) -> tuple[bytes | None, bytes]:
    """The next line without its newline, and the rest; None if no newline is left."""
    line, newline, rest = data.partition(b"\n")
    return (line.removesuffix(b"\r"), rest) if newline else (None, data)


def _after_boundary_line(data: bytes, delimiter: bytes) -> bytes | None:
    """The rest after the next line that equals the delimiter; None if there is no such line."""
    line, data = _line(data)
    while line is not None and line != delimiter:
        line, data = _line(data)
    return None if line is None else data


def _headers(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers up to an empty line, and the rest. A line that starts with white space continues the one before."""
    headers: list[tuple[bytes, bytes]] = []
    line, data = _line(data)
    while line is not None and (line := line.partition(b"\0")[0]):
        name, colon, value = line.partition(b":")
        if line[:1] not in _SPACE and colon:
            headers.append((name.lower(), value.lstrip(_SPACE)))
        elif headers:
            headers[-1] = (headers[-1][0], headers[-1][1] + line)
        line, data = _line(data)
    return headers, data


def _disposition(line: bytes) -> tuple[bytes | None, bytes | None]:
    """The `name` and `filename` of a Content-Disposition value."""
    found: dict[bytes, bytes] = {}
    while line:
        pair, line = _word(line.lstrip(_SPACE), b";")
        if b"=" in pair:
            key, value = _word(pair, b"=")
            found[key.lower()] = _unquote(value)
    return found.get(b"name"), found.get(b"filename")


def _word(line: bytes, stop: bytes) -> tuple[bytes, bytes]:
    """`php_ap_getword`: the text up to a `stop` outside quotes, and the rest without leading stops."""
    at, quote = 0, b""
    while at < len(line) and (quote or line[at : at + 1] != stop):
        char = line[at : at + 1]
        if quote and char == b"\\" and line[at + 1 : at + 2] == quote:
            at += 1
        elif char == quote:
            quote = b""
        elif not quote and char in (b'"', b"'"):
            quote = char
        at += 1
    return line[:at], line[at:].lstrip(stop)


def _unquote(text: bytes) -> bytes:
    """`php_ap_getword_conf`: the contents of a quoted string, unescaped, or the text up to white space."""
    text = text.lstrip(_SPACE)
    quote = text[:1] if text[:1] in (b'"', b"'") else b""
    if not quote:
        text = text.split(maxsplit=1)[0] if text else b""
    out, at = b"", len(quote)
    while at < len(text) and (not quote or text[at : at + 1] != quote):
        if text[at : at + 1] == b"\\" and text[at + 1 : at + 2] in {b"\\", quote} - {b""}:
            at += 1
        out += text[at : at + 1]
        at += 1
    return out


def _value(data: bytes, delimiter: bytes) -> tuple[bytes, bytes]:
    """The bytes before the next delimiter, and the rest from that delimiter on.

    At the end of the body, the beginning of a delimiter counts as one, as in PHP.
    """
    boundary_line = b"\n" + delimiter
    end = data.find(boundary_line)
    if end >= 0:
        return data[:end].removesuffix(b"\r"), data[end + 1 :]
    for size in range(len(boundary_line) - 1, 0, -1):
        if data.endswith(boundary_line[:size]):
            return data[:-size].removesuffix(b"\r"), b""
    return data, b""
