"""What every door promises about what its caller says of itself: the User-Agent and the name of its device."""

import sys
from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.contract.door import Door
from tests.doors.contract.failures import exchange, expect
from tests.doors.contract.texts import ODD_TEXTS
from v1.doors.client import DEVICE_CHARACTERS, client


class CallerPromises(Door):
    """No User-Agent costs a login or a check, and no device name is longer than its column."""

    def test_every_user_agent_is_taken(self, service: Service) -> None:
        for raw in (*(text.encode() for text in ODD_TEXTS), b"\xff\x80", b"\xed\xa0\x80", b"\xe9" * 256):
            proof = self.proof(service)
            service.client.environ_base["HTTP_USER_AGENT"] = raw.decode("latin1")
            response = self.use(service, proof)
            expect(self.is_opened, response, f"a User-Agent of {raw[:80]!r} opens the door like any other")

    def test_a_device_name_over_its_column_is_malformed_even_where_the_wire_names_no_device(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As if the wire had a field for a device: a door that gets one later is safe already."""
        proof = self.proof(service)
        kept = name_a_long_device(monkeypatch)
        response = self.use(service, proof)
        if kept:
            expect(self.is_malformed, response, "a device name that is too long is malformed, in the door's own words")
            assert "Retry-After" not in response.headers, f"it will never be right\n{exchange(response)}"
        monkeypatch.undo()
        expect(self.is_opened, self.use(service, self.proof(service)), "the door is opened as before")


def name_a_long_device(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Give every request in all doors a device name that is too long; the list of those that a door kept."""
    kept: list[object] = []

    def long(core: Any, request: Any, device_info: str | None = None) -> object:
        kept.append(request)
        return client(core, request, "x" * (DEVICE_CHARACTERS + 1))

    for name, module in list(sys.modules.items()):
        if name.startswith("v1.doors.") and getattr(module, "client", None) is client:
            monkeypatch.setattr(module, "client", long)
    return kept
