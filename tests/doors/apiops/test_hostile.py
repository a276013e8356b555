"""Pins that no request to `/apiops/` is answered with anything but a plain error that has nothing of it inside."""

import base64
import re
from urllib.parse import quote

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.conftest import Service
from tests.doors.apiops.test_login import FORM, GRANT, PATH, ask, refused
from tests.fuzz import examples

MARK = b"zqxj"
"""What no word of ours has in it."""

NAMES = st.sampled_from([b"grant_type", b"client_id", b"client_secret", b"scope", b"x", b"grant_type[]", MARK])
VALUES = st.one_of(
    st.sampled_from([b"client_credentials", b"admin", b'"\\', b"<script>", b"\r\nX: 1", b"\0", b"' OR 1=1 -- "]),
    st.binary(max_size=40),
)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=5)
FORMS = PAIRS.map(lambda pairs: b"&".join(name + b"=" + quote(MARK + each).encode() for name, each in pairs))
HALVES = VALUES.map(lambda each: f"{GRANT}&client_secret=zqxj&client_id={quote(each + MARK)}".encode())
HEADERS = st.one_of(
    st.none(),
    st.binary(max_size=40).map(lambda text: b"Basic " + base64.b64encode(MARK + b":" + text)),
    st.binary(max_size=40).map(lambda text: b"Basic zqxj" + re.sub(rb"[\0-\x1f]", b"", text)),
)


@hypothesis_settings(
    max_examples=examples(100, of=200),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    body=st.one_of(FORMS, HALVES, st.binary(max_size=200)),
    kind=st.sampled_from([FORM, FORM, "application/json", "multipart/form-data; boundary=zqxj", "zqxj/\xff", ""]),
    header=HEADERS,
    path=st.sampled_from([PATH, f"{PATH}?zqxj=zqxj", "/apiops/zqxj", "/apiops/test/hello/zqxj", "/apiops/tokens/zqxj"]),
    method=st.sampled_from(["POST", "POST", "GET", "DELETE", "ZQXJ"]),
)
def test_no_request_gets_anything_but_a_plain_error_with_nothing_of_it_inside(
    service: Service, body: bytes, kind: str, header: bytes | None, path: str, method: str
) -> None:
    headers = {"X-Request-Id": "zqxj<", "User-Agent": "zqxj", "Accept": "text/zqxj"}
    headers |= {"Authorization": header.decode("latin1")} if header else {}
    answer = ask(service, body, headers=headers, content_type=kind, path=path, method=method)
    assert answer.status_code in (400, 401, 404, 405)
    assert refused(answer, answer.status_code, answer.json["error"])
    assert b"zqxj" not in answer.data.lower() and "zqxj" not in str(answer.headers).lower()
