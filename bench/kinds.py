"""The kinds of tokens side by side: what they cost to check and to mint, on one service and one database."""

from bench import batch, kind_checks, kind_crowd, minting
from bench.minted import Minted
from bench.place import Place
from bench.report import Table
from bench.sessions import filled


def measure(place: Place) -> list[Table]:
    """Checks, tokens for a password and for another token, and calls in a batch."""
    rows, count = place.repeats(100_000, 20_000), place.repeats(2000, 100)
    database = filled(place, rows)
    minted = Minted(place, database, count)
    found = kind_checks.contestants(minted)
    where = f"keep-alive, random ones of {count:,} tokens of each kind beside {rows:,} mobile sessions"
    with place.gatepass(database=database, VERIFY_KINDS=",".join(kind_checks.VERIFIED)) as (page, pid):
        checks = kind_checks.measure(place, page, found, where)
        crowd = kind_crowd.measure(place, page, pid, found, where)
        new = minting.measure(place, page.port, minted)
        return [checks, crowd, *new, batch.measure(place, page.port, minted)]
