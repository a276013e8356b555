"""The settings of the database: where it is, how long to wait for it, and how PHP wrote its names."""

from dataclasses import dataclass
from typing import Literal

from v1.settings.database_url import DatabaseUrl, parse, usable
from v1.settings.declaration import NO_DEFAULT, setting
from v1.settings.values import Reader, one_of, switch, whole_number


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings:
    """The database"""

    database_url: DatabaseUrl = setting(
        Reader("", usable),
        NO_DEFAULT,
        """
        Where the database is: `mysql://user:password@host:3306/name`. Percent-encode reserved characters of user and
        password (`@` is `%40`). Options: unix_socket, ssl_mode (DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY),
        ssl_ca, ssl_cert, ssl_key. A cluster's hosts stand in order of preference: `db1,db2:3307,[2001:db8::3]`.

        One host is used at a time: the first that is well. A host that is gone, read-only, or outside its cluster is
        left within a second, and used again some seconds after it is well. All hosts have the same account, database
        and options. See [cluster.md](cluster.md).

        Options stand after `?` and are joined by `&`:

        | option | meaning |
        |---|---|
        | `unix_socket` | path of the server's socket, instead of host and port |
        | `ssl_mode` | `DISABLED`, `REQUIRED` (encrypted, not verified), `VERIFY_CA` or `VERIFY_IDENTITY`, as in MySQL |
        | `ssl_ca` | PEM file of the certificates to trust |
        | `ssl_cert`, `ssl_key` | PEM files of the client's certificate and key; `ssl_cert` may hold both |

        `ssl_mode` is `DISABLED` by default if every host is a socket or a loopback address, and `REQUIRED` otherwise.
        The client's key must have no password.

        On MySQL an account has `caching_sha2_password`, which needs a socket or TLS. Over TCP without TLS, as on
        loopback, it needs the package `cryptography` too: `pip install cryptography` beside Gatepass, or
        `pip install '.[mysql]'` in a clone. Each worker then takes 6 MiB more.

        The account needs what `sql/grants.sql` grants and no more. If this is not set, commands find the
        database of a running `make run`.
        """,
        preset="mysql://gatepass:password@127.0.0.1:3306/gatepass",
    )
    migrate_database_url: DatabaseUrl = setting(
        Reader("", parse),
        NO_DEFAULT,
        "The account that may change tables. Only `gatepass db migrate` uses it.",
        default_text="the value of DATABASE_URL",
        example="mysql://gatepass_migrate:password@127.0.0.1:3306/gatepass",
    )
    php_connection_charset: Literal["latin1", "utf8mb4"] = setting(
        one_of("latin1", "utf8mb4"),
        "latin1",
        """
        The charset of the connection with which PHP wrote the users table: `latin1` or `utf8mb4`.

        It matters only if the column `users.username` is latin1. To find out, run
        `SELECT username, HEX(username) FROM users` for a name with an umlaut. An ü is `C3BC` for `latin1` and `FC` for
        `utf8mb4`.

        In a column of any other charset, names are text: apps send UTF-8 and the server converts it. A name with a
        character that the column's charset lacks belongs to no user.
        """,
    )
    database_connect_seconds: int = setting(
        whole_number(1, 60), 3, "Seconds to wait for a connection to the database."
    )
    database_query_seconds: int = setting(
        whole_number(1, 60),
        5,
        """
        Seconds that one statement may take before the server ends it.

        It is also the longest wait for a row lock. Gatepass gives up a server that does not answer at all after twice
        as long.
        """,
    )
    causal_checks: bool = setting(
        switch,
        True,
        """
        1: on a cluster, a token check first waits until its database node has applied what the others had committed.

        Then a token that was revoked on one node is dead on every node at once. With 0 a check is a little faster, and
        a token may live on at other nodes for a moment: of 800 tokens that were checked at another node right after
        they were revoked, 73 were still good (Galera). A new token is good everywhere at once in any case: a
        check that finds none asks once more, and waits. On a single server the setting changes nothing. See
        [cluster.md](cluster.md).
        """,
    )
