"""Where a request ends by RFC 9112, read a second time and strictly, to compare a server's reading with."""

import re
from typing import Final

FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")
LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!-~\x80-\xff]+ HTTP/1\.[0-9]")
CHUNK: Final = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r\n")

Fields = list[tuple[bytes, bytes]]


def head(raw: bytes) -> tuple[bytes, Fields, int] | None:
    """The request line, the fields with names in lower case, and the length of the head. None for one to refuse."""
    begin = 2 * raw.startswith(b"\r\n")  # section 2.2
    end = raw.find(b"\r\n\r\n", begin)
    if end < 0:
        return None
    line, *lines = raw[begin:end].split(b"\r\n")
    fields = [found.groups() for each in lines if (found := FIELD.fullmatch(each))]
    if not LINE.fullmatch(line) or len(fields) < len(lines):
        return None
    return line, [(name.lower(), value) for name, value in fields], end + 4


def end_of_request(raw: bytes) -> int | None:
    """Where the first request ends. None if it must be refused (sections 5 and 6), or is cut off."""
    found = head(raw)
    if found is None:
        return None
    _, fields, begin = found
    lengths = {value for name, value in fields if name == b"content-length"}
    codings = [value.lower() for name, value in fields if name == b"transfer-encoding"]
    if codings:
        last = [each.strip(b" \t") for each in b",".join(codings).split(b",")]
        is_good = not lengths and last[-1] == b"chunked" and last.count(b"chunked") == 1
        return end_of_chunks(raw, begin) if is_good else None
    if len(lengths) > 1 or not all(re.fullmatch(rb"[0-9]+", value) for value in lengths):
        return None
    end = begin + int(lengths.pop() if lengths else 0)
    return end if end <= len(raw) else None


def end_of_chunks(raw: bytes, at: int) -> int | None:
    """Where a chunked body ends (section 7.1)."""
    while found := CHUNK.match(raw, at):
        size, at = int(found[1], 16), found.end()
        if not size:
            end = raw.find(b"\r\n\r\n", at - 2)
            trailers = raw[at:end].split(b"\r\n") if end >= at else []
            return end + 4 if end >= 0 and all(FIELD.fullmatch(each) for each in trailers) else None
        if raw[at + size : at + size + 2] != b"\r\n":
            return None
        at += size + 2
    return None
