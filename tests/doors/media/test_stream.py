"""`/stream/check` answers 204 for what a live stream token grants, and 403 without a word for anything else."""

from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from tests.doors.contract import DEAD, MakeService
from tests.doors.media.rpc_calls import api, stream
from tests.environments import KEYS
from v1.tokens import jwt

PATH, FORM = "/stream/check", "application/x-www-form-urlencoded"
RIGHTS = ("live", "dvr", "copy")
FROM, TO = 1_000, 2_000


@pytest.fixture
def caller(service: Service) -> str:
    return api(service)


def ask(service: Service, query: str, **more: Any) -> TestResponse:
    """The answer, which never has a body."""
    answer = service.client.open(f"{more.pop('path', PATH)}?{query}", **{"method": "GET", **more})
    assert answer.data == b""
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Pragma"] == "no-cache"
    return answer


def check(service: Service, token: str, action: str = "live", at: int | None = None, name: str = "cam1") -> int:
    fields = {"token": token, "stream": name, "action": action, **({} if at is None else {"at": at})}
    return ask(service, urlencode(fields)).status_code


def test_each_right_allows_its_own_action_only(service: Service, caller: str) -> None:
    for granted in range(8):
        rights = {right: bool(granted >> bit & 1) for bit, right in enumerate(RIGHTS)}
        token = stream(service, caller, **rights)
        for action in RIGHTS:
            for at in (None, 0, 1, NOW):
                assert check(service, token, action, at) == (204 if rights[action] else 403), (rights, action)


@pytest.mark.parametrize("action", ["dvr", "copy"])
@pytest.mark.parametrize(
    ("begin", "end", "inside", "outside"),
    [
        (FROM, TO, (FROM, FROM + 1, TO - 1, TO), (1, FROM - 1, TO + 1, 10**18)),
        (FROM, 0, (FROM, FROM + 1, TO, 10**18), (1, FROM - 1)),
        (0, TO, (1, FROM, TO - 1, TO), (TO + 1, 10**18)),
        (FROM, FROM, (FROM,), (FROM - 1, FROM + 1)),
    ],
)
def test_an_archive_is_open_between_its_bounds_inclusive_and_live_has_none(
    service: Service, caller: str, action: str, begin: int, end: int, inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    token = stream(service, caller, live=True, **{action: True, "from": begin, "to": end})
    assert [at for at in (None, 0, *inside, *outside) if check(service, token, "live", at) != 204] == []
    assert [at for at in inside if check(service, token, action, at) != 204] == []
    assert [at for at in outside if check(service, token, action, at) != 403] == []
    assert check(service, token, action) == check(service, token, action, 0) == 403, "no second is named"
    assert check(service, token, "copy" if action == "dvr" else "dvr", inside[0]) == 403, "they are independent"


def test_a_token_opens_its_own_stream_only(service: Service, caller: str) -> None:
    token = stream(service, caller, "cam1.Hall", live=True)
    assert check(service, token, name="cam1.Hall") == 204
    for name in ("cam1", "cam1.hall", "cam1.Hall ", " cam1.Hall", "cam1xHall", "cam1.Hal%6c", "*", "%", ""):
        assert check(service, token, name=name) == 403, name


GOOD = "token={0}&stream=cam1&action=dvr&at=1500"


def test_the_parameters_may_come_in_any_order_with_others_beside_them(service: Service, caller: str) -> None:
    token = stream(service, caller, dvr=True, **{"from": FROM, "to": TO})
    orders = [GOOD, "at=1500&action=dvr&stream=cam1&token={0}", GOOD + "&x=1&y", "&&" + GOOD + "&"]
    for query in (*orders, GOOD.replace("1500", "0001500"), GOOD.replace("cam1", "c%61m1").replace("at=", "%61t=")):
        for path in (PATH, PATH + "/", "/stream//check"):
            assert ask(service, query.format(token), path=path).status_code == 204, query


def test_a_malformed_or_repeated_parameter_is_403(service: Service, caller: str) -> None:
    token = stream(service, caller, live=True, dvr=True)
    spoilt = ["", "x", GOOD.replace("at=", "at=&at="), *(GOOD + f"&{twice}" for twice in GOOD.split("&"))]
    spoilt += [GOOD + f"&{name}=" for name in ("token", "stream", "action", "at", "%74oken", "str%65am")]
    spoilt += [GOOD.replace(part, "") for part in ("token={0}", "stream=cam1", "action=dvr")]
    tokens = ("", "%00", "{0}%00", "{0}.", "%20{0}", "+{0}", "%ff", "%ed%a0%80")
    actions = ("", "DVR", "live,dvr", "dvr%00", "%ff", "play", "stream", "claims")
    spoilt += [GOOD.replace("{0}", other) for other in tokens] + [GOOD.replace("dvr", other) for other in actions]
    seconds = ("-1", "1.5", "x", "1e3", "%2B1", "+1", "1_000", "%D9%A1", "0x1", "%201", "1%0A", "9" * 20, "9" * 5000)
    spoilt += [GOOD.replace("1500", at) for at in seconds]
    spoilt += [GOOD.replace("&", ";"), GOOD.replace("token", "Token")]
    assert ask(service, GOOD.format(token)).status_code == 204
    for query in spoilt:
        assert ask(service, query.format(token)).status_code == 403, query[:200]
    headers = {"Authorization": f"Bearer {token}", "Cookie": f"token={token}"}
    assert ask(service, "stream=cam1&action=live", headers=headers).status_code == 403, "the token is a field"


RTMP = (
    "app=live&flashver=LNX%209,0,124,2&swfurl=&tcurl=rtmp://media.example/live&pageurl=&addr=192.0.2.7&clientid=1"
    "&call=play&name=cam1&start=4294966296&duration=0&reset=0&type=live"
)
"""What nginx-rtmp's on_play hook posts beside a player's own parameters."""


def post(service: Service, form: str | bytes, query: str = "", kind: str = FORM) -> int:
    return ask(service, query, method="POST", data=form, content_type=kind).status_code


def test_a_hook_may_post_the_fields_as_a_form_with_others_beside_them(service: Service, caller: str) -> None:
    token = stream(service, caller, dvr=True, **{"from": FROM, "to": TO})
    good = GOOD.format(token)
    ours, static = f"token={token}&stream=cam1", "action=dvr&at=1500"
    for form, query in (
        (good, ""),
        (f"{RTMP}&{good}", ""),
        (f"{good}&{RTMP}", ""),
        (f"{RTMP}&{ours}", static),
        (RTMP, good),
        ("", good),
        (f"{good}&" + "&".join(f"x{n}=y" for n in range(2000)), ""),
        (f"{good}&name=x&name=y&x[]=1&x=%ff&=&&y".encode() + b"&z=\xff\0", "x=1&x=2&y=%ff"),
    ):
        assert post(service, form, query) == 204, (form[:100], query[:100])
        if isinstance(form, str):
            assert post(service, form.replace("cam1", "cam2"), query.replace("cam1", "cam2")) == 403
    assert post(service, good, "", "Application/X-WWW-Form-Urlencoded; charset=UTF-8") == 204
    assert ask(service, good + "&x=%ff" + "&x" * 1000).status_code == 204, "so it is in a query"


def test_a_posted_form_that_is_malformed_or_repeats_a_field_is_403(service: Service, caller: str) -> None:
    token = stream(service, caller, live=True, dvr=True)
    good = GOOD.format(token)
    for name in ("token", "stream", "action", "at"):
        for again in (f"{name}=", f"%{ord(name[0]):02x}{name[1:]}=x"):
            assert post(service, f"{good}&{again}") == post(service, good, again) == 403, again
    for part in good.split("&")[:3]:
        assert post(service, good.replace(part, "")) == 403, part
    assert post(service, "") == post(service, RTMP) == post(service, good.replace("&", ";")) == 403
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=B", ""):
        assert post(service, good, kind=kind) == post(service, "", good, kind) == 403, kind


def test_a_posted_form_of_16_kib_is_read_and_of_a_byte_more_is_not(service: Service, caller: str) -> None:
    good = GOOD.format(stream(service, caller, dvr=True)) + "&x="
    most = good + "y" * (16 * 1024 - len(good))
    assert post(service, most) == 204
    answer = ask(service, "", method="POST", data=most + "y", content_type=FORM)
    assert (answer.status_code, answer.headers["Connection"]) == (403, "close")


def test_a_bad_signature_is_403_though_the_database_is_down(make_service: MakeService) -> None:
    service = make_service(**DEAD)
    good = jwt.sign(KEYS.stream, {"stream": "cam1", "live": True, "exp": NOW + 60})
    for token, status in ((good, 503), (good[:-2] + "AA", 403), ("x", 403), ("eyJ", 403)):
        assert check(service, token) == status


def test_a_check_is_one_select_whose_use_is_noted(service: Service, caller: str) -> None:
    token = stream(service, caller, live=True)
    status = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Com_insert', 'Com_update', 'Com_delete')"
    before = service.server.sql(status).split()
    service.clock.now = NOW + 100
    assert check(service, token) == 204 and check(service, token[:-2] + "AA") == 403
    after = service.server.sql(status).split()
    assert sum(map(int, after[1::2])) - sum(map(int, before[1::2])) == 1
    service.core.write_behind.write()
    where = "WHERE kind = 'stream'"
    assert service.server.sql(f"SELECT last_access FROM auth_tokens {where}", "gatepass") == f"{NOW + 100}\n"
