"""What any door keeps of its caller: a device name as long as its column, and a User-Agent without a token."""

import pytest

from tests.conftest import Service
from v1.doors.client import client
from v1.errors import MalformedRequest


def test_a_device_name_of_200_characters_is_kept_and_one_of_201_is_malformed(service: Service) -> None:
    with service.app.test_request_context() as context:
        for most in ("x" * 200, "📱" * 200, ""):
            assert client(service.core, context.request, most).device_info == most
        for more in ("x" * 201, "📱" * 201, "x" * 5000):
            with pytest.raises(MalformedRequest):
                client(service.core, context.request, more)


SECRETS = ["ab" * 20, "gpp_" + "0" * 46, "gpc_" + "Z" * 46, "eyJhbGciOiJIUzI1NiJ9.e30.x"]
AGENTS = {"Jürgen's browser 📱": "Jürgen's browser 📱", **{f"tool/1 {secret}": "tool/1 ***" for secret in SECRETS}}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_user_agent_is_utf8_and_no_token_in_it_is_kept(service: Service, agent: str) -> None:
    with service.app.test_request_context(headers={"User-Agent": agent.encode().decode("latin1")}) as context:
        kept = client(service.core, context.request)
        assert kept.device_info == kept.user_agent == AGENTS[agent]
