"""The settings of password hashing: what a hash costs, and how logins share the processor."""

from dataclasses import dataclass

from v1.settings.declaration import setting
from v1.settings.values import whole_number


@dataclass(frozen=True, kw_only=True)
class PasswordSettings:
    """Password hashing"""

    bcrypt_cost: int = setting(
        whole_number(4, 15),
        12,
        """
        The cost of new password hashes. Each step doubles the time of a login. Production requires at least 10. Set 10
        beside PHP before 8.4, which would undo 12.

        12 is the cost of PHP 8.4. A login with the right password replaces a hash of lower cost, once. If another
        program replaces it with a cheaper one again, that stays: the `password_needs_rehash()` of PHP before 8.4 would
        do so at every login. On the machine of [bench/results.md](../bench/results.md) one hash takes about:

        | cost | milliseconds of one core | logins per second and core |
        |---|---|---|
        | 10 | 65 | 15 |
        | 11 | 130 | 8 |
        | 12 | 260 | 4 |
        | 13 | 520 | 2 |
        | 14 | 1,040 | 1 |

        Every wrong login costs one hash of this cost, so its time does not tell a known name from an unknown one. A
        bcrypt row of lower cost is topped up to as many rounds. As those are several hashes, and each takes a little
        to begin, such a row took 0.3 ms longer than the 69 of others (cost 8 for 10), until its first login replaces
        it. Rows of higher cost take longer and may stand out, also after this setting is lowered. So may argon2 and
        crypt(3) rows, until their first login replaces them. (An argon2 or crypt(3) hash of a password over 72 bytes is
        kept, because bcrypt would look at 72 of them.)

        Stored hashes are limited: bcrypt to cost 15, SHA-crypt to 200,000 rounds, argon2 to 64 MiB, 10 passes and 16
        lanes. For a hash beyond these, and for a value that is no hash, every password is wrong. The log then names the
        user's id, once an hour.
        """,
    )
    hash_threads: int = setting(
        whole_number(0, 64),
        0,
        """
        Threads of each worker that only hash passwords. 0: the workers share the machine's cores.

        They run at a lower priority (10 nicer than the rest), so that token checks come first on a busy machine.
        [operating.md](operating.md#mariadb-on-the-same-machine) says how that also holds beside MariaDB.
        """,
    )
    hash_wait_seconds: int = setting(
        whole_number(1, 60),
        2,
        """
        Seconds that a login waits for a hashing thread. Then it is told to try again.

        It is told so at once if fewer than two request threads of the worker would stay free. The answer is 5501 with
        `Retry-After` (503 with `ERROR_STATUS=http`). It does not count as a failed login.
        """,
    )
