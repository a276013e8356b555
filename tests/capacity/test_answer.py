"""The answer as people read it."""

import pytest

from v1.capacity.answer import answer, number, sections, warnings
from v1.capacity.limits import limits
from v1.capacity.needs import needs
from v1.capacity.plan import Plan


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (7, "7"),
        (4176, "4,176"),
        (0.02314, "0.0231"),
        (30.86, "30.9"),
        (99.96, "100"),
        (1_543_209.9, "1,540,000"),
    ],
)
def test_a_number_has_three_digits_that_count(value: float, said: str) -> None:
    assert number(value) == said


def test_the_database_is_that_of_one_of_the_clusters() -> None:
    found = answer(Plan(users=500_000_000))
    assert found.clusters == 9 and found.cluster == needs(Plan(users=55_555_556))
    assert found.cluster.database_cores <= 64 < found.needs.database_cores
    lines = dict(sections(found)["The database, of each cluster"])
    assert lines["cores of each node"] == number(found.cluster.database_cores)


def test_cores_of_the_database_end_first_unless_its_memory_is_small() -> None:
    assert limits(Plan(users=1))[0].resource == "cores of the first database node"
    assert limits(Plan(users=1, database_gib=64))[0].resource == "memory of a database node"


def test_it_warns_of_what_was_never_measured() -> None:
    assert warnings(answer(Plan(users=10_000_000))) == []
    sharded, untried = warnings(answer(Plan(users=500_000_000, bcrypt_cost=10)))
    assert "shard by user over 9" in sharded
    assert "never measured beyond 494 logins a second" in untried
