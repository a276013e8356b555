"""Any request to the whole application: no door has an unforeseen error, and every answer is well-formed HTTP."""

import re
from functools import partial

from gunicorn.http.errors import ParseException

from tests.e2e.smuggling import FORM, request
from tests.fuzzing import in_process
from v1.observe import logs

JSON = b"Content-Type: application/json"
BEARER = b"Authorization: Bearer " + b"0" * 40
BASIC = b"Authorization: Basic YWRtaW46cGFzc3dvcmQ="
PAGE = b"Sec-Fetch-Site: same-origin"
MULTIPART = b'--B\r\nContent-Disposition: form-data; name="username"\r\n\r\nadmin\r\n--B--\r\n'
CALL = b'{"jsonrpc": "2.0", "method": "Auth.CheckAccessToken", "params": {"token": "x"}, "id": 1}'
PATHS = (
    *(b"/v1/sessions/1/", b"/user/current", b"/console/users/?search=x&filter=disabled", b"/metrics", b"/v1/verify/"),
    *(b"/apiops/test/hello/x", b"/openapi.json", b"/console/sign-in/?next=%2F%2Fa", b"/healthz"),
)
SEEDS = (
    request(b"/v1/oauth/", b"username=admin&password=password&device-info=x&debug=1", FORM),
    request(b"/v1/oauth/", MULTIPART, b"Content-Type: multipart/form-data; boundary=B"),
    request(b"/api/", CALL, JSON),
    request(b"/token", b'{"login": "admin", "password": "password"}', JSON),
    request(b"/token/create", b'{"userId": 1, "actions": ["*"], "expiration": "2030-01-31"}', JSON, BEARER),
    request(b"/token/refresh", b'{"refreshToken": "eyJ0.x.y"}', JSON),
    request(b"/apiops/auth/token", b"grant_type=client_credentials", FORM, BASIC),
    request(b"/apiops/tokens/", b'{"name": "x", "expires": "never"}', JSON, BEARER),
    request(b"/v1/oauth/introspect/", b"token=x&token_type_hint=access_token", FORM, BEARER),
    request(b"/v1/oauth/revoke/", b"token=x", FORM),
    request(b"/stream/check", b"token=x&stream=cam1&action=live&at=1", FORM),
    request(b"/console/sign-in/?next=/console/", b"username=admin&password=x", FORM, PAGE),
    *(request(path, b"", BEARER, b"Cookie: gatepass=gpc_x", method=b"GET") for path in PATHS),
    request(PATHS[0], b"", BEARER, method=b"DELETE"),
)
WORDS = (
    *(b"username", b"password", b"%00", b"%ff", b"\\ud800", b"\\u0000", b'"', b"'", b"&", b"=", b"/", b"//", b"%2f"),
    *(b"Content-Type: ", b"application/json", b"charset=utf-7"),
    *(b"Authorization: ", b"Basic ", b"Cookie: ", b"Origin: "),
    *(b"9" * 30, b"-1", b"null", b"[]", b"{}", b"Accept-Language: tr", b"X-HTTP-Method-Override: PUT", b"OPTIONS "),
)
HEAD = re.compile(rb"HTTP/1\.\d ([1-5]\d\d) [^\r\n]*\r\n(?:[A-Za-z-]+: [^\r\n\0]*\r\n)*\r\n")


def check(data: bytes) -> None:
    unforeseen: list[Exception] = []
    kept, logs.unforeseen = logs.unforeseen, partial(list.append, unforeseen)
    try:
        answer, _, _ = in_process.ordinary_way(data)
    except (ParseException, OSError, StopIteration):
        return
    finally:
        logs.unforeseen = kept
    for error in unforeseen:
        raise error
    head = HEAD.match(answer)
    assert head and int(head[1]) not in (500, 501, 502), answer
    length = re.search(rb"\r\nContent-Length: (\d+)", head[0])
    if length and not data.lstrip().startswith(b"HEAD"):
        assert len(answer) - head.end() == int(length[1])
