"""How a login is done at a door, and how its answers are recognised: what a LoginContract says beside Door."""

from collections import Counter

from prometheus_client import REGISTRY
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract.promises import DoorContract


class LoginDoor(DoorContract):
    """The proof of a login is `name:password`; the user `admin` has the password `password`."""

    failing = ("v1.db.tables.users.Users.find_for_login",)

    wrong: tuple[str, ...] = ("nobody:password", "admin:wrong", "out:password", "admin:", "admin:password\0")
    """Logins that all get one answer. A door that answers an empty field in other words has `admin: ` here."""

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        """Send this name and this password to the door."""
        raise NotImplementedError

    def is_token(self, response: TestResponse) -> bool:
        """Is there a token in this answer?"""
        raise NotImplementedError

    def login_of_a_device(self, service: Service, device: str) -> TestResponse | None:
        """Log `admin` in on a device of that name; None where the wire has no field for it."""
        return None

    def proof(self, service: Service) -> str:
        return "admin:password"

    def wrong_proof(self, service: Service) -> str:
        return "admin:hunter2-wrong"

    def use(self, service: Service, proof: str) -> TestResponse:
        return self.login(service, *proof.split(":"))

    def is_opened(self, response: TestResponse) -> bool:
        return self.is_token(response)

    def is_refused(self, response: TestResponse) -> bool:
        return not self.is_token(response)


def tokens_kept(service: Service) -> int:
    """The number of rows in auth_tokens."""
    return int(service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


def outcomes(service: Service) -> str:
    """How the logins ended, as login_stats counts them: `failed 1 ok 1`."""
    service.core.write_behind.write()
    counted = service.server.sql("SELECT outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
    return " ".join(counted.split())


def logins_counted() -> Counter[str]:
    """How many logins ended in each way, at all doors, as the metrics have it since the process began."""
    found: Counter[str] = Counter()
    for metric in REGISTRY.collect():
        for sample in metric.samples if metric.name == "gatepass_logins" else ():
            if sample.name == "gatepass_logins_total":
                found[sample.labels["outcome"]] += int(sample.value)
    return found
