"""Pins what every door says alike of a refusal that passes: how long to wait, and nothing of what lies behind it."""

from types import ModuleType

import pytest

from tests.conftest import Service
from tests.doors.contract import MakeService
from v1.doors import DOORS
from v1.errors import Busy, DatabaseDown, Throttled

PASSING = {
    "busy": (Busy(), "2"),
    "throttled": (Throttled(7, "pair:secret-detail"), "7"),
    "database_down": (DatabaseDown(2003, "secret-detail"), "5"),
}
"""Refusals that pass, and the seconds after which to try again."""


@pytest.mark.parametrize("mode", ["php", "http"])
@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_refusal_that_passes_says_when_and_no_detail(
    make_service: MakeService, door: ModuleType, name: str, mode: str
) -> None:
    service = make_service(ERROR_STATUS=mode)
    refusal, seconds = PASSING[name]
    for path in paths(service, door):
        with service.app.test_request_context(path, method="POST"):
            answer = door.refuse(service.core, refusal)
        assert answer.headers["Retry-After"] == seconds, path
        assert answer.data and not [each for each in (b"secret-detail", b"2003") if each in answer.data], path
        assert "secret-detail" not in str(answer.headers)


def paths(service: Service, door: ModuleType) -> set[str]:
    """What the door serves, with 7 for every id and name, and below each prefix a path at which there is nothing."""
    name = door.__name__.rsplit(".", 1)[-1]
    rules = [rule for rule in service.app.url_map.iter_rules() if rule.endpoint.split(".")[0] == name]
    assert rules
    with service.app.test_request_context():
        served = {rule.build({each: 7 for each in rule.arguments})[1] for rule in rules}
    return served | {f"{prefix}/nothing" for prefix in door.PREFIXES}
