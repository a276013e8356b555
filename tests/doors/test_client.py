"""Pins how long a device name may be that any door keeps. (That no door can forget it is in tests/doors/contract/.)"""

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
