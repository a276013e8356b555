"""The column comments: every column has one, and old columns get theirs with nothing else changed."""

import pytest

from tests.conftest import migrate
from tests.database_servers import IS_MYSQL, only_mariadb
from tests.db.old_php import DUMP, ZERO_DATES, migrator, schema
from tools.private_server import Server
from v1.db import migrations

COMMENTS = """
SELECT CONCAT(table_name, '.', column_name), column_comment FROM information_schema.columns
WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position
"""
DEFINITIONS = COMMENTS.replace("column_comment", "column_type, collation_name, is_nullable, column_default, extra")
LATIN1 = "CHARACTER SET latin1 COLLATE latin1_swedish_ci"
UTF8MB4 = "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
WITHOUT = f"""
ALTER TABLE users MODIFY id INT NOT NULL AUTO_INCREMENT, MODIFY password VARCHAR(255) {LATIN1} NOT NULL,
    MODIFY creation_time DATETIME NOT NULL, MODIFY remote_ip VARCHAR(45) {LATIN1} NOT NULL,
    MODIFY access_level INT NOT NULL DEFAULT 1;
ALTER TABLE auth_tokens MODIFY id BIGINT NOT NULL AUTO_INCREMENT, MODIFY user_id INT NOT NULL,
    MODIFY device_info VARCHAR(200) {UTF8MB4} NOT NULL;
"""


def uncommented(server: Server, database: str) -> list[str]:
    lines = server.sql(COMMENTS, database).splitlines()
    return [line.split("\t")[0] for line in lines if not line.split("\t")[1]]


@pytest.mark.parametrize(("dump", "charset"), [("", UTF8MB4), (DUMP, LATIN1)], ids=["nothing", "old"])
def test_on_a_database_of_the_first_release_comments_come_instantly_and_alone(
    database_server: Server, fresh: str, dump: str, charset: str
) -> None:
    database_server.sql(dump, fresh)
    migrate(database_server, fresh)
    today, definitions = schema(database_server, fresh), database_server.sql(DEFINITIONS, fresh)
    username = f"ALTER TABLE users MODIFY username VARCHAR(30) {charset} NOT NULL;"
    database_server.sql(f"{ZERO_DATES} {WITHOUT} {username}", fresh)
    assert len(uncommented(database_server, fresh)) == 9 and database_server.sql(DEFINITIONS, fresh) == definitions
    with migrator(database_server, fresh) as (run, tables):
        for change in migrations.due(run, tables):
            # INSTANT locks nothing; MySQL does not let one say so.
            run(change.sql + ", ALGORITHM = INSTANT" + ("" if IS_MYSQL else ", LOCK = NONE"))
    assert schema(database_server, fresh) == today
    assert database_server.sql(DEFINITIONS, fresh) == definitions


@pytest.mark.parametrize(
    ("table", "theirs"),
    [
        ("users", "username VARCHAR(30) CHARACTER SET latin1 COLLATE latin1_general_cs NOT NULL"),
        ("users", "username VARCHAR(30) NULL"),
        ("users", "access_level INT NOT NULL DEFAULT 5"),
        # MySQL keeps a CHECK apart from its column, so a MODIFY does not remove it.
        pytest.param("users", "remote_ip VARCHAR(45) NOT NULL CHECK (remote_ip <> 'x')", marks=only_mariadb),
        ("users", "id INT UNSIGNED NOT NULL AUTO_INCREMENT"),
        ("auth_tokens", "user_id INT UNSIGNED NOT NULL"),
    ],
    ids=lambda theirs: theirs.replace(" ", "_"),
)
def test_a_column_that_is_not_as_php_made_it_is_left_as_it_is(
    database_server: Server, fresh: str, table: str, theirs: str
) -> None:
    database_server.sql(f"{DUMP} ALTER TABLE {table} MODIFY {theirs};", fresh)
    column = theirs.split()[0]
    shown = f"SHOW COLUMNS FROM {table} LIKE '{column}'; SELECT check_clause FROM information_schema.check_constraints"
    full = f"SHOW FULL COLUMNS FROM {table} LIKE '{column}'; {shown} WHERE constraint_schema = DATABASE()"
    before = database_server.sql(full, fresh)
    migrate(database_server, fresh)
    assert database_server.sql(full, fresh).replace("\tUNI\t", "\t\t").replace("\tMUL\t", "\t\t") == before
