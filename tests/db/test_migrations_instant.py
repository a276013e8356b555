"""A column that is added to a table of any size takes no time and locks nothing."""

from tests.conftest import migrate
from tests.database_servers import IS_MYSQL
from tests.db.old_php import migrator, schema
from tools.private_server import Server
from v1.db import migrations

YESTERDAY = "ALTER TABLE auth_tokens DROP COLUMN last_ip; ALTER TABLE profiles DROP COLUMN time_zone;"


def test_columns_of_yesterdays_tables_come_instantly(database_server: Server, fresh: str) -> None:
    migrate(database_server, fresh)
    today = schema(database_server, fresh)
    database_server.sql(YESTERDAY, fresh)
    with migrator(database_server, fresh) as (run, tables):
        changes = list(migrations.due(run, tables))
        assert [change.sql.count("ADD COLUMN") for change in changes] == [1, 1]
        for change in changes:
            run(change.sql + ", ALGORITHM = INSTANT" + ("" if IS_MYSQL else ", LOCK = NONE"))
    assert schema(database_server, fresh) == today
