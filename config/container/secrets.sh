#!/bin/sh
# Makes the secrets of compose.yaml in secrets/, each once: `sh config/container/secrets.sh`. Keep a copy somewhere safe.
set -eu
umask 077
mkdir -p secrets
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
for name in root_password service_password migrate_password read_password; do
    test -s "secrets/$name" || random > "secrets/$name"
done
# The network `database` leads nowhere else, so the connection is not encrypted.
url() { echo "mysql://$1:$(cat "secrets/$2")@database:3306/live?ssl_mode=DISABLED"; }
test -s secrets/service.env || cat > secrets/service.env <<EOS
DATABASE_URL=$(url gatepass service_password)
TOKEN_KEYS=$(random)
EOS
test -s secrets/migrate.env || echo "MIGRATE_DATABASE_URL=$(url gatepass_migrate migrate_password)" > secrets/migrate.env
# The containers read these files as users of their own. The folder lets only its owner in.
chmod 0444 secrets/*_password
echo "the secrets are in secrets/: $(ls secrets | tr '\n' ' ')" >&2
