"""The settings of the login throttle: how many failed logins are free, and how long the next ones wait."""

from dataclasses import dataclass

from v1.settings.declaration import setting
from v1.settings.values import whole_number


@dataclass(frozen=True, kw_only=True)
class ThrottleSettings:
    """The login throttle"""

    throttle_pair: int = setting(
        whole_number(0, 1_000_000),
        5,
        """
        Failed logins of one account from one address that are free. Each further one doubles the wait. 0 switches this
        limit off.

        An IPv6 address counts as its /64 network. The first wait lasts THROTTLE_DELAY_SECONDS, the longest one
        THROTTLE_DELAY_MAX_SECONDS.

        During the wait every login is refused, also with the right password. A refused login neither counts nor
        lengthens the wait. The answer is 5501 with `Retry-After` (429 with `ERROR_STATUS=http`). A good login clears
        this count only, not those of the three limits below.

        With the defaults, so many guesses of an attack get through, as `tests/e2e/test_attacks.py` counts. In each of
        these attacks the owner of the account could always log in from an address where they were signed in:

        | attack | guesses that reached a hash |
        |---|---|
        | 10,000 in an hour from one address at one account | 18 |
        | 10,000 in an hour from one address at 10,000 accounts | 1,800 |
        | 2,000 or 10,000 in an hour from 500 addresses at one account | 112 |
        | one each in a minute from 10,000 addresses at 10,000 accounts | about 2,800: the first 1,000, then a fifth |

        These guesses come one after the other. Guesses that arrive together, before the first failure is counted, are
        all hashed. But those beyond the limit are answered 5501 whatever the hash said, so the attacker learns no more
        than from single guesses. The exception is guesses that several threads, workers or nodes hash at the very same
        moment: one more answer for each such thread.
        """,
    )
    throttle_address: int = setting(
        whole_number(0, 1_000_000),
        300,
        """
        Failed logins from one address, of all accounts, in a window of THROTTLE_ADDRESS_SECONDS. Then the address waits
        until the window ends. 0 switches this limit off.

        Accounts that are signed in from this address are exempt, because mobile carriers put thousands of phones behind
        one address. Signed in means an unexpired token of kind mobile, management or console, or a DeviceHive login
        (its jwt_refresh token). Behind a proxy set TRUSTED_PROXIES, or all clients are one address.

        A wrong password of an exempt account gets the same 5501 as all other accounts there, and counts under
        THROTTLE_PAIR only. So the answer does not tell who is signed in at the address. (Its time does: the password
        was hashed.) The same holds for THROTTLE_ACCOUNT and THROTTLE_EVERYONE.
        """,
    )
    throttle_address_seconds: int = setting(
        whole_number(1, 86_400), 600, "The window of THROTTLE_ADDRESS, in seconds."
    )
    throttle_account: int = setting(
        whole_number(0, 1_000_000),
        100,
        """
        Failed logins of one account, from all addresses, in a window of THROTTLE_ACCOUNT_SECONDS. Each further one
        doubles the wait. 0 switches this limit off.

        The waits are those of THROTTLE_PAIR. Addresses from which this account is signed in are exempt: nobody can lock
        the owner out of the network they use.
        """,
    )
    throttle_account_seconds: int = setting(
        whole_number(1, 86_400), 3600, "The window of THROTTLE_ACCOUNT, in seconds."
    )
    throttle_everyone: int = setting(
        whole_number(0, 1_000_000_000),
        1000,
        """
        Failed logins in all, in a window of THROTTLE_EVERYONE_SECONDS. Beyond it an attack is on: each account at an
        address may then try during two seconds of every ten. 0 switches this limit off.

        It is for attacks that make one guess from each of many addresses. The attack is over two seconds after the last
        failure beyond the limit. Until then, a login outside its two seconds is told to wait, for two seconds at most.
        Accounts at addresses where they are signed in do not wait.

        So an attack is slowed to a fifth and nobody is shut out. A newcomer with the right password who retries when
        told is in within ten seconds. The log has `login.attack` once a minute during an attack. Set the number well
        above what your users mistype on a normal Monday morning.
        """,
    )
    throttle_everyone_seconds: int = setting(
        whole_number(1, 86_400), 60, "The window of THROTTLE_EVERYONE, in seconds."
    )
    throttle_delay_seconds: int = setting(whole_number(1, 3600), 1, "The first wait, in seconds.")
    throttle_delay_max_seconds: int = setting(whole_number(1, 86_400), 900, "The longest wait, in seconds.")
    throttle_forget_seconds: int = setting(
        whole_number(1, 86_400),
        3600,
        "Seconds without a failed login after which the count of an account at an address begins anew.",
    )
