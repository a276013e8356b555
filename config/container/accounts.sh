#!/bin/sh
# Makes the accounts in a new database, once: MariaDB's image runs this at its first start, before it listens.
# In a subshell, because the image may read this file into its own shell. No password is in a process list.
(
    set -eu
    secrets=${SECRETS:-/run/secrets}
    MYSQL_PWD=${MARIADB_ROOT_PASSWORD-} mariadb --protocol=socket --socket="${SOCKET:-/run/mysqld/mysqld.sock}" --user=root <<EOS
CREATE USER gatepass@'%' IDENTIFIED BY '$(cat "$secrets/service_password")';
CREATE USER gatepass_migrate@'%' IDENTIFIED BY '$(cat "$secrets/migrate_password")';
CREATE USER gatepass_read@'%' IDENTIFIED BY '$(cat "$secrets/read_password")';
GRANT ALL ON \`$MARIADB_DATABASE\`.* TO gatepass_migrate@'%';
EOS
)
