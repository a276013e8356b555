"""Owns the records that pass between the rooms: frozen dataclasses, with every secret kept out of their repr."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class User:
    """A row of `users`. `password` is the stored hash as bytes, empty for a NULL; a leading `!` disables the user."""

    id: int
    username: str
    password: bytes = field(repr=False)
    access_level: int
    is_admin: bool
    creation_time: str

    @property
    def disabled(self) -> bool:
        return self.password.startswith(b"!")


@dataclass(frozen=True)
class Principal:
    """Who a proof has shown the caller to be."""

    user_id: int
    username: str
    access_level: int
    is_admin: bool


@dataclass(frozen=True)
class Client:
    """What a caller says of itself, kept beside the session. `device_info` has at most 200 characters."""

    device_info: str
    remote_ip: str
    user_agent: str


@dataclass(frozen=True)
class Token:
    """A row of `auth_tokens` but for its digest. All times are Unix seconds."""

    id: int
    user_id: int
    kind: str
    device_info: str
    creation_time: int
    last_access: int
    expiry: int


@dataclass(frozen=True)
class Issued:
    """A new token: the one place where its text exists. It is handed to the door and never stored, logged or shown."""

    secret: str = field(repr=False)
    token: Token
