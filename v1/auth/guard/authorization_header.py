"""Reads the Authorization header: a token behind `Token` or `Bearer`, or Basic credentials."""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from v1.errors import MalformedRequest, MissingToken
from v1.records import Credentials

TOKEN_SCHEMES: Final = ("token", "bearer")

# Two Authorization headers, which WSGI joins with a comma. (config/gunicorn.conf.py drops both before that, but another
# server may not.) A comma alone is no sign of it.
_TWO_HEADERS: Final = re.compile(r",\s*(?:token|bearer|basic|digest|negotiate)\b", re.IGNORECASE)


def token_in_header(environ: Mapping[str, Any]) -> str:
    """The text behind `Token` or `Bearer` (RFC 9110 11.6.2). Raises MissingToken if the header is anything else."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, token = header.partition(" ")
    token = token.strip(" ")
    if not token or scheme.lower() not in TOKEN_SCHEMES or ("," in token and _TWO_HEADERS.search(token)):
        raise MissingToken
    return str(token)


def token_with_optional_scheme(environ: Mapping[str, Any]) -> str:
    """As `token_in_header`, but a header of one word is the token itself. "" without a header or for another scheme."""
    header = str(environ.get("HTTP_AUTHORIZATION", "")).strip(" ")
    if " " not in header:
        return header
    return token_in_header(environ) if header.partition(" ")[0].lower() in TOKEN_SCHEMES else ""


def scheme(environ: Mapping[str, Any]) -> str:
    """The header's scheme in lower case; "" if there is no header."""
    return str(environ.get("HTTP_AUTHORIZATION", "")).strip(" ").partition(" ")[0].lower()


def basic_credentials(environ: Mapping[str, Any]) -> tuple[Credentials, Credentials]:
    """The credentials behind `Basic`, read in two ways: form-decoded, as RFC 6749 2.3.1 demands, and raw, because many
    clients do not encode them. Raises MalformedRequest."""
    text = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")[2].strip(" ")
    try:
        username, colon, password = base64.b64decode(text, validate=True).partition(b":")
    except ValueError:
        colon = b""
    if not colon:
        raise MalformedRequest("The Authorization header is malformed.")
    return Credentials(_form_decoded(username), _form_decoded(password)), Credentials(username, password)


def _form_decoded(value: bytes) -> bytes:
    return unquote_to_bytes(value.replace(b"+", b" "))
