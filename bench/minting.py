"""What a new token costs by each way to one (bench/ways.py), beside a mobile login."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from statistics import median

from bench import hashes
from bench.caller import Caller
from bench.minted import Minted
from bench.place import COST, Place
from bench.report import Table, ms
from bench.stats import Difference, difference
from bench.turns import in_turns, quartiles, times
from bench.ways import MANAGEMENT, MOBILE, PAIR, Way, token_in, ways

BARE = "the bare hash"
LOGINS = (BARE, MOBILE, PAIR, MANAGEMENT)


def measure(place: Place, port: int, minted: Minted) -> list[Table]:
    """Rounds of all ways, the logins and the bare hash once each, the others a few times; all tokens are looked up."""
    rounds, repeats = place.repeats(40, 4), place.repeats(5, 2)
    made: dict[str, list[str]] = defaultdict(list)
    with Caller(port) as caller:

        def run(way: Way, repeats: int) -> float:
            answers = [caller.ask(next(way.requests), way.status) for _ in range(repeats)]
            for member, kind in way.members.items():
                made[kind] += [token_in(answer, member) for answer in answers]
            return median(answer.seconds for answer in answers)

        runs: dict[str, Callable[[], float]] = {}
        for name, way in ways(minted).items():
            runs[name] = partial(run, way, 1 if name in LOGINS else repeats)
        for warm_up in runs.values():
            warm_up()
        found = in_turns("kinds: minting", {BARE: hashes.once, **runs}, rounds)
    for kind, texts in made.items():
        minted.must_be_live(kind, texts)
    looked_up = f"All {sum(map(len, made.values())):,} tokens were looked up afterwards: live, and of their kinds."
    return [_logins(found, looked_up), _others(found, repeats)]


def _logins(found: dict[str, list[float]], looked_up: str) -> Table:
    rows = []
    for name in LOGINS:
        to_mobile = "" if name == MOBILE else times(found[name], found[MOBILE])
        rows.append((name, *_spread(found[name]), to_mobile))
    extra = _extra(found)
    interval = f"95 % interval {ms(extra.low)} to {ms(extra.high)}"
    notes = [f"A mobile login minus its hash: {ms(extra.value)} ms ({interval})."]
    notes.append(f"{looked_up} Cost 12 is the service's default: a hash takes four times as long there.")
    title = f"Tokens for a password: one client, keep-alive, cost {COST} ({len(found[MOBILE])} rounds in turns)"
    return Table(title, ("token", "median ms", "quartiles of rounds", "to a mobile login"), rows, notes)


def _others(found: dict[str, list[float]], repeats: int) -> Table:
    extra = _extra(found).value
    rows = []
    for name in found:
        if name not in LOGINS:
            to_login = f"{median(found[name]) / extra:.2f}" if extra > 0 else ""
            rows.append((name, *_spread(found[name]), to_login))
    title = f"Tokens for a token: one client, keep-alive ({len(found[MOBILE])} rounds of {repeats}, in the same turns)"
    columns = ("token", "median ms", "quartiles of rounds", "to a mobile login minus its hash")
    note = "A pair is two rows. The token that is shown is checked first; a local Auth.CreateApiToken needs none."
    return Table(title, columns, rows, [note])


def _extra(found: dict[str, list[float]]) -> Difference:
    return difference(found[MOBILE], found[BARE])


def _spread(taken: list[float]) -> tuple[str, str]:
    low, high = quartiles(taken)
    return ms(median(taken)), f"{ms(low)} to {ms(high)}"
