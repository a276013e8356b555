"""What this package needs of the running service."""

from typing import Any, Protocol

from v1.db.tables import Tables
from v1.tokens.jwt import Keys


class TokenStore(Protocol):
    """Where tokens are kept, and the keys that sign them. `v1.auth.core.Core` is one."""

    @property
    def tables(self) -> Tables: ...

    @property
    def keys(self) -> Keys: ...

    def event(self, name: str, **fields: Any) -> None: ...
