"""What a stream token grants: one stream, live, from its archive (dvr) or as a copy, between two times."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

ACTIONS: Final = ("live", "dvr", "copy")


@dataclass(frozen=True)
class Grant:
    """The grant of one stream token. `begin` and `end` bound the archive, in Unix seconds; 0 is no bound."""

    stream: str
    live: bool = False
    dvr: bool = False
    copy: bool = False
    begin: int = 0
    end: int = 0

    @classmethod
    def of(cls, claims: str) -> Self:
        """The grant in a stream token's claims."""
        found = json.loads(claims)
        return cls(*(found[name] for name in ("stream", "live", "dvr", "copy", "from", "to")))

    def claims(self) -> Mapping[str, Any]:
        """The claims of a stream token with this grant: the inverse of `of`."""
        rights = {"live": self.live, "dvr": self.dvr, "copy": self.copy}
        return {"stream": self.stream, **rights, "from": self.begin, "to": self.end}

    def allows(self, stream: str, action: str, at: int) -> bool:
        """May this stream be used for this action?

        `at` is the requested time in the archive, in Unix seconds; 0 if the request names none. A grant with `begin` or
        `end` needs one, except for live.
        """
        if stream != self.stream or action not in ACTIONS or not getattr(self, action):
            return False
        if action == "live" or not (self.begin or self.end):
            return True
        return at > 0 and at >= self.begin and (self.end == 0 or at <= self.end)
