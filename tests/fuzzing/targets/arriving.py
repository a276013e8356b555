"""A request is called whole where the parser says that it ends, or earlier if it is refused whatever follows."""

from tests.fuzzing.targets.framing import SEEDS as FRAMED
from tests.fuzzing.targets.framing import WORDS as FRAMES
from tests.server.arriving import TAILS, expected_end, first_whole, one_by_one

SEEDS = tuple(each.replace(b"/v1/oauth/", b"/read") for each in FRAMED)
WORDS = (*FRAMES, b"/read", b"http://a/read")
LONGEST = 1500


def check(data: bytes) -> None:
    whole, end = first_whole(one_by_one(data)), expected_end(data)
    if end is not None:
        half = len(data) // 2
        in_two = first_whole(iter((data[:half], data[half:])))
        assert whole == end and in_two == (half if end <= half else len(data))
    elif whole is not None:
        assert {expected_end(data[:whole] + tail) for tail in TAILS} <= {None, whole}
