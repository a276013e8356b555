"""`POST /v1/oauth/`: the login of the mobile apps, answered as the replaced PHP page does.

The door also answers the errors of all paths below `/v1/` that no other door has.
"""

from functools import partial

from flask import Blueprint, Request, Response

from v1.auth.core import Core
from v1.auth.login import login
from v1.doors import body, direct_views
from v1.doors.client import client
from v1.doors.error_answers import headers
from v1.doors.mobile import envelope
from v1.errors import GatepassError, MalformedRequest, WrongMethod
from v1.records import Client, Credentials, Issued, Principal
from v1.tokens import issue
from v1.wire import latin1, php_form, php_multipart, php_numbers

PREFIXES = ("/v1",)
LOGIN_PATHS = ("/v1/oauth", "/v1/oauth/index.php")


def blueprint(core: Core) -> Blueprint:
    """The login, also under the name of the PHP file; with and without a slash at the end."""
    return direct_views.serve(Blueprint("oauth", __name__), LOGIN_PATHS, partial(_log_in, core), partial(refuse, core))


def _log_in(core: Core, request: Request) -> Response:
    credentials, caller, debug = read(core, request)
    try:
        return answer(login(core, "oauth", credentials, caller, partial(_issue, core, caller)))
    except GatepassError as error:
        return refuse(core, error, debug)


def read(core: Core, request: Request) -> tuple[Credentials, Client, bool]:
    """The credentials, the caller, and whether a failure shows its reason (`debug`, in development alone).

    Checked in this order, as apps expect: size, presence, arrays, device-info.
    """
    fields = _fields(request)
    if missing := tuple(name.decode() for name in (b"username", b"password") if name not in fields):
        raise envelope.MissingCredentials(fields=missing)
    username = _string(fields, b"username")
    password = _string(fields, b"password")
    device_info = latin1.decode_utf8_or_latin1(_string(fields, b"device-info", b"Unknown"))
    debug = fields.get(b"debug", b"")
    shows = core.settings.development and not isinstance(debug, php_form.Array) and php_numbers.equals_one(debug)
    return Credentials(username, password), client(core, request, device_info), shows


def answer(issued: Issued) -> Response:
    """The token and its expiry in Unix seconds."""
    return envelope.success({"access_token": issued.secret, "expiry": issued.token.expiry})


def refuse(core: Core, error: GatepassError, debug: bool = False) -> Response:
    """An error in the PHP envelope; with `debug`, its reason too."""
    if isinstance(error, WrongMethod) and error.path.rstrip("/") in LOGIN_PATHS:
        return _wrong_method(core, error)
    return envelope.refuse(core, error, debug)


def _issue(core: Core, client: Client, principal: Principal) -> Issued:
    return issue.mobile(core, principal, client, int(core.clock()), core.settings.max_sessions_per_user)


def _wrong_method(core: Core, error: WrongMethod) -> Response:
    """The PHP page's answer to other methods: fields are missing, because only a POST has a form."""
    response = envelope.failure(envelope.MissingCredentials(), core.settings.error_status == "php", {})
    if core.settings.error_status == "http":
        response.status_code = error.status
        response.headers.update(headers(error, error.status))
    return response


def _fields(request: Request) -> php_form.Form:
    """The fields of body and query, as `$_POST` and `$_GET` have them; the body wins. (The PHP page's documentation
    puts the fields into the query.)"""
    raw = body.read(request)
    content_type = request.headers.get("Content-Type", "").encode("latin1")
    # PHP ends the media type at a semicolon, a comma or a space.
    media_type = content_type.replace(b",", b";").replace(b" ", b";").partition(b";")[0].lower()
    posted: php_form.Form = {}
    if media_type == b"application/x-www-form-urlencoded":
        posted = php_form.parse_body(raw)
    elif media_type == b"multipart/form-data" and (mark := php_multipart.boundary(content_type)) is not None:
        posted = php_multipart.parse(raw, mark)
    return php_form.parse_query(request.query_string) | posted


def _string(fields: php_form.Form, name: bytes, default: bytes = b"") -> bytes:
    value = fields.get(name, default)
    if isinstance(value, php_form.Array):
        raise MalformedRequest(f"{name.decode()} must be a single value.", (name.decode(),))
    return value
