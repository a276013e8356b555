"""How long a device name may be that any door keeps, and that no token in a User-Agent is kept."""

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


@pytest.mark.parametrize("secret", ["ab" * 20, "gpp_" + "0" * 46, "gpc_" + "Z" * 46, "eyJhbGciOiJIUzI1NiJ9.e30.x"])
def test_a_token_in_a_user_agent_is_not_kept(service: Service, secret: str) -> None:
    with service.app.test_request_context(headers={"User-Agent": f"tool/1 {secret}"}) as context:
        kept = client(service.core, context.request)
        assert (kept.device_info, kept.user_agent) == ("tool/1 ***", "tool/1 ***")
