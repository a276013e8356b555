"""The clients of the load, at every door, and what they ask when all is well again."""

from concurrent.futures import ThreadPoolExecutor

from tools.cluster.load import Address, Client, Load
from tools.cluster.processes import wait
from tools.crash import doors
from tools.crash.dialects import StrictLedger
from tools.crash.machine import Machine


class Caller(Client):
    """A client that goes on with the tokens it has while it cannot log in."""

    def log_in(self) -> str:
        token = super().log_in()
        if not token and (older := self.good()):
            self.check(self.random.choice(older))
            if self.random.random() < 1 / 10:
                self.revoke(self.random.choice(older))
        return token


def loaded(machine: Machine) -> Load:
    """Sixteen clients at all doors, each of which has logged in."""
    every = doors.doors(machine.maker)

    def make(number: int, address: Address) -> Client:
        return Caller(number, address, every[number % len(every)], StrictLedger())

    found = Load(machine.address, make=make)
    wait(lambda: all(client.logins for client in found.clients), "a login of each client")
    return found


def check_afterwards(load: Load) -> None:
    """Ask about every token of these clients at its door, now that all is well."""
    with ThreadPoolExecutor(8) as pool:
        for client in load.clients:
            tokens = list(client.ledger.tokens)
            for token, answer in zip(tokens, pool.map(client.ask, tokens)):
                client.ledger.afterwards(token, answer, "Gatepass")
