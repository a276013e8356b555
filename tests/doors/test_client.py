"""Pins that no door can keep a device name that is too long: it is refused where every door learns who calls."""

from functools import partial

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.devicehive.hive import log_in
from tests.doors.kinds import STREAM, mint
from tests.doors.media.rpc_calls import api
from v1.doors.client import client
from v1.errors import MalformedRequest


def test_a_device_name_of_200_characters_is_kept_and_one_of_201_is_malformed(service: Service) -> None:
    with service.app.test_request_context() as context:
        for most in ("x" * 200, "📱" * 200, ""):
            assert client(service.core, context.request, most).device_info == most
        for more in ("x" * 201, "📱" * 201, "x" * 5000):
            with pytest.raises(MalformedRequest):
                client(service.core, context.request, more)


def management(service: Service) -> TestResponse:
    fields = {"grant_type": "client_credentials", "client_id": "admin", "client_secret": "password"}
    return service.client.post("/apiops/auth/token", data=fields)


def personal(service: Service) -> TestResponse:
    headers = {"Authorization": f"Bearer {mint(service, 'management')}"}
    return service.client.post("/apiops/tokens/", json={"name": "x", "expires": "never"}, headers=headers)


def devicehive(service: Service) -> TestResponse:
    return service.client.post("/token", json={"login": "admin", "password": "password"})


def stream(service: Service) -> TestResponse:
    call = {"jsonrpc": "2.0", "id": 1, "method": "Auth.CreateAccessToken", "params": {"stream": STREAM}}
    return service.client.post("/api/", json=call, headers={"Authorization": f"Bearer {api(service)}"})


DOORS = {
    "v1.doors.apiops.auth": (management, 400, "invalid_request"),
    "v1.doors.apiops.tokens": (personal, 400, "invalid_request"),
    "v1.doors.devicehive.auth_api": (devicehive, 400, 400),
    "v1.doors.media.rpc_calls": (stream, 400, {"code": -32700, "message": "Parse error"}),
}
"""The module, how it is used, and the status and `error` of what it says."""


@pytest.mark.parametrize("module", DOORS)
def test_a_door_that_does_not_check_itself_refuses_it_in_its_own_words(
    service: Service, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """As if its wire had a field for a device."""
    use, status, error = DOORS[module]
    monkeypatch.setattr(f"{module}.client", partial(client, device_info="x" * 201))
    answer = use(service)
    said = answer.json["error"]
    if isinstance(said, dict):
        assert "200 characters" in said.pop("data")
    assert (answer.status_code, said) == (status, error)
    assert "Retry-After" not in answer.headers
    monkeypatch.undo()
    assert use(service).status_code in (200, 201) and log_in(service)
