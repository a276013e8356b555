"""What people say of themselves: kept whole, a row a user, and apart from whatever PHP has in `users`."""

import pytest

from tests.conftest import Service, migrate
from tests.db.old_php import DUMP, tables
from tools.private_server import Server
from v1.db.tables.profiles import Profiles
from v1.errors import DatabaseDown
from v1.records import Profile

FULL = Profile("Ayşe Öztürk 😀", "ayşe@örnek.example", "tr")


@pytest.fixture
def profiles(service: Service) -> Profiles:
    return service.core.tables.profiles


def test_who_has_said_nothing_has_an_empty_profile(profiles: Profiles) -> None:
    assert profiles.find(7) == Profile() == Profile("", "", "")


def test_a_profile_is_kept_and_replaced_and_is_of_one_user_alone(profiles: Profiles, service: Service) -> None:
    profiles.save(7, FULL)
    profiles.save(8, Profile(email="x@y.example"))
    assert [profiles.find(user) for user in (7, 8, 9)] == [FULL, Profile("", "x@y.example", ""), Profile()]
    profiles.save(7, Profile("A'b\\", "", "en"))
    profiles.save(7, Profile("A'b\\", "", "en"))
    assert profiles.find(7) == Profile("A'b\\", "", "en")
    assert service.server.sql("SELECT user_id FROM profiles ORDER BY user_id", "gatepass").split() == ["7", "8"]


@pytest.mark.parametrize("most", [Profile("😀" * 100), Profile("", "é" * 254), Profile("", "", "x" * 16)])
def test_the_longest_values_fit_and_longer_ones_are_an_error_and_never_cut(profiles: Profiles, most: Profile) -> None:
    profiles.save(7, most)
    assert profiles.find(7) == most
    longer = Profile(*(text and text + "x" for text in (most.full_name, most.email, most.language)))
    with pytest.raises(DatabaseDown):
        profiles.save(7, longer)
    assert profiles.find(7) == most


def test_a_users_table_with_columns_of_such_names_is_adopted_and_left_alone(
    database_server: Server, fresh: str
) -> None:
    theirs = "ALTER TABLE users ADD email VARCHAR(50) NOT NULL DEFAULT 'of the shop', ADD full_name INT;"
    database_server.sql(DUMP + theirs, fresh)
    migrate(database_server, fresh)
    ours = tables(database_server, fresh).profiles
    ours.save(2, FULL)
    assert (ours.find(2), ours.find(1)) == (FULL, Profile())
    assert database_server.sql("SELECT DISTINCT email, full_name FROM users", fresh) == "of the shop\tNULL\n"
