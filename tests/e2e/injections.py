"""Texts that become SQL where a program pastes them into a statement: the known families of SQL injection."""

import random
from collections.abc import Iterator
from typing import Final

from tests.fuzz import examples

QUOTES: Final = ("'", '"', "`", "\\'", "''", "'\\", "\u02bc", "\uff07", "\u2019", "%27", "')", "'))")
"""Ways out of a literal. Some are letters that MySQL turns into an apostrophe when it converts to latin1."""

CONDITIONS: Final = (
    *(" OR 1=1", " OR '1'='1", " OR 1=1 LIMIT 1", " OR username LIKE '%", "||1", " AND 1=0 UNION SELECT 1,2,3,4"),
    *(" UNION ALL SELECT user_id, username, password FROM users"),
    *(" AND SLEEP(30)", " OR BENCHMARK(1000000000, MD5(1))"),
    *(" OR (SELECT SLEEP(30))", " AND EXTRACTVALUE(1, CONCAT(0x7e, VERSION()))"),
    *("; DROP TABLE users", "; SELECT SLEEP(30)"),
    *("; UPDATE users SET access_level = 9", " INTO OUTFILE '/tmp/x'", " PROCEDURE ANALYSE()", "=0", " IS NOT NULL"),
)
"""What to say behind it."""

ENDS: Final = (" -- ", "#", "/*", ";\0", "/*!50000 OR 1*/", " --\n", "`", "")
"""Ways to end what the statement says behind the text."""

WHOLE: Final = (
    *("admin' -- ", "admin'#", "admin'/*", "admin\\", "admin%"),
    *("_dmin", "a%", "%", "_", "0x61646d696e", "CHAR(97,100)"),
    *("admin' AND '1'='1", "admin'/**/OR/**/'1'='1", "admin'+'", "admin' 'x", "%s", "%(username)s", "{username}", "?"),
    *("${jndi}", "*/ OR 1=1 /*", "*/; DROP TABLE users; /* users.find */", "@@version", "NULL", "1e309", "--", ";"),
    *("x\u00a0'", "\x1a'", "\x08'", "\U0001f4f1'"),
)
"""Texts that are tried as they are."""

RAW: Final = (
    *(b"\xbf' OR 1=1 -- ", b"\xbf\\' OR 1=1 -- ", b"\xa1' OR 1=1#"),
    *(b"\x81' OR 1=1#", b"\xe5' OR 1=1#", b"\xc0\xa7 OR 1=1#"),
    *(b"\xe0\x80\xa7 OR 1=1#", b"admin\xff", b"admin\xc3"),
    *(b"admin\xe2\x80", b"\xf0\x9f\x93' -- ", b"\xed\xa0\x80' -- "),
)
"""Bytes whose second half is an apostrophe or a backslash in GBK, SJIS or Big5, or in UTF-8 that is too long."""


def payloads() -> Iterator[str]:
    """All of them: the whole ones, and each way out with each condition and end."""
    yield from WHOLE
    for quote in QUOTES:
        for condition in CONDITIONS:
            for end in ENDS:
                yield f"admin{quote}{condition}{end}"


ALL = [each for each in payloads() if ":" not in each]
SOME = [*WHOLE[: examples(5, of=len(WHOLE))], *random.Random(16).sample(ALL, examples(7, of=600))]
ASCII = [each for each in SOME if each.isascii() and each.isprintable()]
NOBODY = "harmless"
