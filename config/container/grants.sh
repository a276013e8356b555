#!/bin/sh
# Makes the views and grants the rights, as the database's root. It can run again at any time.
set -eu
settings=$(mktemp)
trap 'rm -f "$settings"' EXIT
printf '[client]\nuser=root\npassword=%s\n' "$(cat "${SECRETS:-/run/secrets}/root_password")" > "$settings"
client() { mariadb --defaults-extra-file="$settings" --host="$DATABASE_HOST" --port="${DATABASE_PORT:-3306}" "$DATABASE_NAME"; }
client < "${SQL:-/sql}/views.sql"
# Here the accounts come from other containers.
sed "s/@localhost/@'%'/g" "${SQL:-/sql}/grants.sql" | client
echo 'the views are made and the rights granted' >&2
