"""What a check of each kind of token costs beside a mobile token's, at one client."""

import random
from dataclasses import dataclass
from functools import partial
from statistics import median
from urllib.parse import urlencode

from bench.caller import Caller, get
from bench.client import Page
from bench.minted import STREAM, Minted
from bench.place import CHECK, Place
from bench.report import BenchError, Table, ms
from bench.turns import in_turns, judged, quartiles, times

VERIFIED = ("mobile", "jwt_access", "api", "management", "personal")
STREAM_CHECK = "/stream/check"
MOBILE = f"mobile at {CHECK}"
SIGNED = (f"jwt_access at {CHECK}", f"stream at {STREAM_CHECK}")
TARGET = 1.3
OWNERS = "API and stream tokens are nobody's, as the usual ways make them; of every other kind each is another user's."
LOOKED_AT = "Every answer had the right status and, at /v1/verify/, the right kind of token, else there is no table."


@dataclass(frozen=True)
class Contestant:
    """A kind of token at a door: a request with each token, the same with one that was revoked, and the answers."""

    requests: list[bytes]
    revoked: bytes
    status: int
    refused: int
    kind: str = ""


def contestants(minted: Minted) -> dict[str, Contestant]:
    """All of them, the yardstick first."""
    found = {}
    for kind in VERIFIED:
        requests = [get(CHECK, text) for text in minted.texts[kind]]
        found[f"{kind} at {CHECK}"] = Contestant(requests, get(CHECK, minted.revoked[kind]), 200, 401, kind)
    requests = [get(_watching(text)) for text in minted.texts["stream"]]
    return found | {SIGNED[1]: Contestant(requests, get(_watching(minted.revoked["stream"])), 204, 403)}


def measure(place: Place, page: Page, found: dict[str, Contestant], where: str) -> Table:
    """All kinds in turns. `where` says what there is in the database."""
    rounds, repeats = place.repeats(40, 4), place.repeats(50, 10)
    with Caller(page.port) as caller:
        for contestant in found.values():
            _must_tell_apart(caller, contestant)

        def run(contestant: Contestant) -> float:
            return median(_ask(caller, contestant, random.choice(contestant.requests)) for _ in range(repeats))

        runs = {name: partial(run, contestant) for name, contestant in found.items()}
        return _table(where, in_turns("kinds: one client", runs, rounds))


def _watching(text: str) -> str:
    return f"{STREAM_CHECK}?{urlencode({'token': text, 'stream': STREAM, 'action': 'live'})}"


def _must_tell_apart(caller: Caller, contestant: Contestant) -> None:
    """Every token of ours is good there, and a revoked one is not: else a wrong page would win."""
    for raw in contestant.requests:
        _ask(caller, contestant, raw)
    caller.ask(contestant.revoked, contestant.refused)


def _ask(caller: Caller, contestant: Contestant, raw: bytes) -> float:
    answer = caller.ask(raw, contestant.status)
    if answer.headers.get("x-auth-token-kind", "") != contestant.kind:
        raise BenchError(f"a token of kind {contestant.kind} was taken for another: {answer.headers}")
    return answer.seconds


def _table(where: str, found: dict[str, list[float]]) -> Table:
    rows = []
    for name, taken in found.items():
        low, high = quartiles(taken)
        to_mobile = "" if name == MOBILE else times(taken, found[MOBILE])
        rows.append((name, ms(median(taken)), f"{ms(low)} to {ms(high)}", to_mobile))
    notes = [judged(f"{name}, one client, to mobile", found[name], found[MOBILE], TARGET) for name in SIGNED]
    columns = ("token", "median ms", "quartiles of rounds", "to a mobile token's")
    title = f"Checks by kind: one client, {where} ({len(found[MOBILE])} rounds in turns)"
    return Table(title, columns, rows, [*notes, LOOKED_AT, OWNERS])
