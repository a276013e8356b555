"""Unpacks the rows of the statement auth_tokens.check.

Each row is one column of text. With a column for each value, the driver would take longer to read the descriptions of
the columns than the server takes to find the row.
"""

from collections.abc import Callable

from v1.records import PresentedToken, Principal


def unpack(row: str, name_of: Callable[[bytes], str]) -> tuple[Principal, PresentedToken]:
    """The user and the token of a row: ten values joined by spaces, with the claims and the name in hex. (The statement
    has the token's digest in front, by which the caller found this row.) For example

        12 7 mobile 1700000000 1702592000 0 7B7D 61646D696E 1 0

    is token 12 of user 7. It is a mobile token, last used at 1700000000, good until 1702592000, without a parent, and
    its claims are `{}`. The user is `admin`, has access level 1 and is no administrator. `name_of` decodes a name.
    """
    token_id, user_id, kind, last_access, expiry, parent, claims, name, access_level, is_admin = row.split(" ")
    stored = bytes.fromhex(claims).decode()
    token = PresentedToken(int(token_id), kind, int(last_access), int(expiry), stored, int(parent))
    username = name_of(bytes.fromhex(name)) if name else ""
    return Principal(int(user_id), username, int(access_level), is_admin != "0"), token
