"""What a refused login tells by its time: an unknown user beside a wrong password, disabled and cheaper rows."""

import random
from statistics import median

from bench.client import WRONG, Client
from bench.place import COST, PASSWORD, Place, add_user
from bench.report import Table, ms, progress
from bench.stats import difference, percentile
from v1.passwords.hashes import Passwords

CHEAPER = 8
UNKNOWN = "unknown user"
USERS = {
    UNKNOWN: "timing_u",
    "wrong password": "timing_w",
    "disabled user, right password": "timing_d",
    f"wrong password, row of cost {CHEAPER}": "timing_c",
}


def measure(place: Place) -> list[Table]:
    """All kinds in one random order over one connection."""
    repeats = place.repeats(200, 8)
    _add_users(place)
    order = [kind for kind in USERS for _ in range(repeats)]
    random.shuffle(order)
    samples: dict[str, list[float]] = {kind: [] for kind in USERS}
    with place.gatepass() as (page, _), Client(page) as client:
        for kind in USERS:
            _refused(client, kind)
        for number, kind in enumerate(order):
            progress(f"timing: {number} of {len(order)}")
            samples[kind].append(_refused(client, kind))
    rows = [_row(kind, samples) for kind in USERS]
    columns = ("refused for", "median ms", "5 %", "95 %", "minus unknown ms", "95 % interval", "zero within")
    title = f"What a refused login tells by its time: one client, cost {COST} ({repeats} each, in random order)"
    return [Table(title, columns, rows, ["Difference of medians; percentile bootstrap of 2,000 resamples."])]


def _refused(client: Client, kind: str) -> float:
    password = PASSWORD if kind.startswith("disabled") else b"wrong horse 7272"
    return client.login(USERS[kind], password, WRONG)


def _row(kind: str, samples: dict[str, list[float]]) -> tuple[str, ...]:
    sample = samples[kind]
    spread = (ms(median(sample)), ms(percentile(sample, 5)), ms(percentile(sample, 95)))
    if kind == UNKNOWN:
        return (kind, *spread, "", "", "")
    found = difference(sample, samples[UNKNOWN])
    interval = f"{ms(found.low)} to {ms(found.high)}"
    return (kind, *spread, ms(found.value), interval, "yes" if found.holds_zero else "NO")


def _add_users(place: Place) -> None:
    stored, cheaper = Passwords(COST).hash(PASSWORD), Passwords(CHEAPER).hash(PASSWORD)
    _, wrong, disabled, cheap = USERS.values()
    for name, row in ((wrong, stored), (disabled, b"!" + stored), (cheap, cheaper)):
        add_user(place.server, name, row)
