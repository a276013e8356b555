"""Reads a plain token check: a request that one strict pattern matches from its first byte to its last.

Any other request is declined, and gunicorn's parser reads it. So this pattern need not know what an odd request means.
It must only never match a request that gunicorn's parser would refuse, or read in another way.
"""

import re
from typing import Final

from v1 import doors

LONGEST: Final = 8000
"""The longest request that is matched, in bytes."""

FIELDS: Final = 64
"""The most header fields that are matched."""

_DECLINED: Final = "connection|content-length|expect|http2-settings|trailer|transfer-encoding|upgrade"
"""Header fields that announce a body, or say what becomes of the connection. `Connection: keep-alive` is matched."""

_ONCE: Final = "authorization|host|x-request-id|content-type"
"""Header fields that may occur once. (nginx passes on the Content-Type of a POST that it guards.)"""

_PATHS: Final = "|".join(re.escape(path) for path in doors.PRE_FLASK_PATHS)
_PLAIN: Final = re.compile(
    rf"""(?P<method>GET|HEAD)[ ](?P<path>{_PATHS})(?:\?(?P<query>[!"$-~]*))?[ ]HTTP/1\.1\r\n
    (?:
        (?: (?i:authorization): (?P<authorization>[\t\x20-\x7e\x80-\xff]*)
        |   (?i:host): (?P<host>[\t\x20-\x7e\x80-\xff]*)
        |   (?i:x-request-id): (?P<request_id>[\t\x20-\x7e\x80-\xff]*)
        |   (?i:content-type): (?P<content_type>[\t\x20-\x7e\x80-\xff]*)
        |   (?i:connection:[ \t]*keep-alive)[ \t]*
        |   (?!(?i:{_DECLINED}|{_ONCE}):)[!\#$%&'*+.^`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*
        )\r\n
        (?(authorization)(?!(?i:authorization):))
        (?(host)(?!(?i:host):))
        (?(request_id)(?!(?i:x-request-id):))
        (?(content_type)(?!(?i:content-type):))
    ){{0,{FIELDS}}}+\r\n""".encode(),
    re.VERBOSE,
)


def read(request: bytes) -> dict[str, str] | None:
    """The part of WSGI's environ that the two doors read, or None if these bytes are not one plain check."""
    if len(request) > LONGEST or not (found := _PLAIN.fullmatch(request)):
        return None
    method, path, query, authorization, _, request_id, _ = found.groups(b"")
    return {
        "REQUEST_METHOD": method.decode(),
        "PATH_INFO": path.decode(),
        "QUERY_STRING": query.decode(),
        "HTTP_AUTHORIZATION": authorization.decode("latin1").strip(" \t"),
        "HTTP_X_REQUEST_ID": request_id.decode("latin1").strip(" \t"),
    }
