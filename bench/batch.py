"""What a batch of JSON-RPC calls saves beside as many requests on one connection."""

from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from bench.caller import Caller, post_json
from bench.minted import STREAM, Minted
from bench.place import Place
from bench.report import BenchError, Table, ms
from bench.turns import in_turns, quartiles, times
from bench.ways import rpc
from v1.wire.jsonrpc import MAX_CALLS

CREATE, CHECK = "Auth.CreateAccessToken", "Auth.CheckAccessToken"
APART, TOGETHER = f"{MAX_CALLS} requests", f"a batch of {MAX_CALLS}"

Calls = list[dict[str, Any]]
Run = Callable[[Caller, Calls, str], tuple[float, list[Any]]]


def measure(place: Place, port: int, minted: Minted) -> Table:
    """Both ways for both methods in turns; every result is looked at."""
    rounds = place.repeats(20, 3)
    api, made = minted.texts["api"][0], []
    stream = {"stream": STREAM, "action": "live"}
    checks = [rpc(CHECK, {"token": text, **stream}, n) for n, text in enumerate(minted.texts["stream"][:MAX_CALLS])]
    creates = [rpc(CREATE, {"stream": STREAM, "ttl": 3600, "live": True}, n) for n in range(MAX_CALLS)]
    with Caller(port) as caller:

        def run(way: Run, method: str) -> float:
            seconds, results = way(caller, creates if method == CREATE else checks, api)
            if method == CREATE:
                made.extend(results)
            elif not all(isinstance(each, dict) and each.get("allowed") is True for each in results):
                raise BenchError(f"{CHECK} refused a stream token of ours")
            return seconds / MAX_CALLS

        runs = {}
        for method in (CREATE, CHECK):
            runs[f"{method}, {APART}"] = partial(run, _apart, method)
            runs[f"{method}, {TOGETHER}"] = partial(run, _together, method)
        for warm_up in runs.values():
            warm_up()
        found = in_turns("kinds: batches", runs, rounds)
    minted.must_be_live("stream", [str(text) for text in made])
    return _table(found, len(made))


def _apart(caller: Caller, calls: Calls, api: str) -> tuple[float, list[Any]]:
    answers = [caller.ask(post_json("/api/", call, api), 200) for call in calls]
    return sum(answer.seconds for answer in answers), _results([answer.json for answer in answers])


def _together(caller: Caller, calls: Calls, api: str) -> tuple[float, list[Any]]:
    answer = caller.ask(post_json("/api/", calls, api), 200)
    return answer.seconds, _results(answer.json)


def _results(responses: Any) -> list[Any]:
    """Of all calls, in order. Raises BenchError if one is missing or failed."""
    try:
        found = {response["id"]: response["result"] for response in responses}
        return [found[number] for number in range(MAX_CALLS)]
    except (KeyError, TypeError):
        raise BenchError(f"not all of {MAX_CALLS} calls have a result: {str(responses)[:600]}") from None


def _table(found: dict[str, list[float]], made: int) -> Table:
    rows = []
    for method in (CREATE, CHECK):
        apart, together = (found[f"{method}, {name}"] for name in (APART, TOGETHER))
        for name, taken in ((APART, apart), (TOGETHER, together)):
            low, high = quartiles(taken)
            saved = times(apart, together) if name == TOGETHER else ""
            rows.append((f"{method}, {name}", ms(median(taken)), f"{ms(low)} to {ms(high)}", saved))
    rounds = len(next(iter(found.values())))
    title = f"Calls in a batch beside as many requests: one client, keep-alive ({rounds} rounds in turns)"
    columns = ("calls", "median ms each", "quartiles of rounds", "requests to batch")
    note = f"Every check said allowed; all {made:,} new tokens were looked up afterwards and were live stream tokens."
    return Table(title, columns, rows, [note])
