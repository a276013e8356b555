"""Owns the settings: one frozen dataclass, read once from the environment, all problems reported at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from v1 import kinds
from v1.settings.database_url import DatabaseUrl, parse, tls_context
from v1.settings.values import KEY_BYTES, between, host, keys, lenient_base64, networks, one_of, some_of, switch
from v1.wire.addresses import Network

PRIVATE_DATABASE: Final = Path(__file__).resolve().parents[2] / "var" / "private.env"
"""What `make run` writes while its private MariaDB runs, so that operator verbs in another terminal find it."""


DEVELOPMENT_KEY: Final = b"for development only: nothing is safe that this key signed"


class SettingsError(SystemExit):
    """Every problem of the settings, a line each. As a SystemExit it stops any command with its text alone."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("gatepass cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Each field is the environment variable of its name in capitals; meanings are in config/service.env.example."""

    database_url: DatabaseUrl
    migrate_database_url: DatabaseUrl
    token_keys: tuple[bytes, ...] = field(default=(DEVELOPMENT_KEY,), repr=False)
    app_env: Literal["production", "development"] = "production"
    error_status: Literal["php", "http"] = "php"
    bcrypt_cost: int = 12
    php_connection_charset: Literal["latin1", "utf8mb4"] = "latin1"
    trusted_proxies: tuple[Network, ...] = field(default=())
    database_connect_seconds: int = 3
    database_query_seconds: int = 5
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 24
    receive_seconds: int = 10
    keepalive_seconds: int = 5
    hash_threads: int = 0
    hash_wait_seconds: int = 2
    verify_kinds: tuple[str, ...] = ("mobile",)
    max_sessions_per_user: int = 0
    pairs_per_login: int = 100
    throttle_pair: int = 5
    throttle_address: int = 300
    throttle_address_seconds: int = 600
    throttle_account: int = 100
    throttle_account_seconds: int = 3600
    throttle_everyone: int = 1000
    throttle_everyone_seconds: int = 60
    throttle_delay_seconds: int = 1
    throttle_delay_max_seconds: int = 900
    throttle_forget_seconds: int = 3600
    local_api_tokens: bool = True
    local_metrics: bool = True
    metrics_allow: tuple[Network, ...] = field(default=())
    devicehive_jwt_secret: bytes | None = field(default=None, repr=False)
    rpc_bare_results: bool = False
    apiops_token_seconds: int = 3600
    apiops_errors: Literal["vendor", "rfc"] = "vendor"
    console_idle_seconds: int = 1800
    console_seconds: int = 43_200

    @property
    def development(self) -> bool:
        return self.app_env == "development"


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this process. Raises SettingsError with every problem found."""
    values = _with_private_database(environ)
    problems: list[str] = []
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        text = values.get(name.upper(), "")
        if text:
            try:
                found[name] = read(text)
            except ValueError as error:
                problems.append(f"{name.upper()}: {error}")
    if not values.get("DATABASE_URL"):
        problems.append("DATABASE_URL is not set: mysql://user:password@host:3306/name, or start `make run`")
    found.setdefault("migrate_database_url", found.get("database_url"))
    if found.get("app_env", "production") == "production":
        problems += _of_production(values, found)
    if problems:
        raise SettingsError(problems)
    return Settings(**found)


def _of_production(values: Mapping[str, str], found: Mapping[str, Any]) -> list[str]:
    """What only development may do."""
    problems = []
    if found.get("bcrypt_cost", 12) < 10:
        problems.append("BCRYPT_COST: below 10 only with APP_ENV=development")
    if not values.get("TOKEN_KEYS"):
        problems.append("TOKEN_KEYS is not set: make a key with `openssl rand -hex 32`")
    if len(found.get("devicehive_jwt_secret") or bytes(KEY_BYTES)) < KEY_BYTES:
        problems.append("DEVICEHIVE_JWT_SECRET: below 32 decoded bytes only with APP_ENV=development")
    return problems


def _with_private_database(environ: Mapping[str, str]) -> Mapping[str, str]:
    """For the `flask` verbs alone, and only where nothing else names a database: that of a running `make run`."""
    wanted = environ.get("FLASK_RUN_FROM_CLI") == "true" and not environ.get("DATABASE_URL")
    if not wanted or environ.get("APP_ENV") == "production" or not PRIVATE_DATABASE.exists():
        return environ
    lines = PRIVATE_DATABASE.read_text().splitlines()
    return {**dict(line.split("=", 1) for line in lines if "=" in line), **environ}


def _usable(text: str) -> DatabaseUrl:
    """The URL, once its files were read. (Those of MIGRATE_DATABASE_URL may be for the account that migrates alone.)"""
    url = parse(text)
    tls_context(url)
    return url


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "database_url": _usable,
    "migrate_database_url": parse,
    "token_keys": keys,
    "app_env": one_of("production", "development"),
    "error_status": one_of("php", "http"),
    "bcrypt_cost": between(4, 15),
    "php_connection_charset": one_of("latin1", "utf8mb4"),
    "trusted_proxies": networks,
    "database_connect_seconds": between(1, 60),
    "database_query_seconds": between(1, 60),
    "host": host,
    "port": between(1, 65535),
    "workers": between(1, 64),
    "threads": between(1, 64),
    "receive_seconds": between(1, 300),
    "keepalive_seconds": between(1, 3600),
    "hash_threads": between(0, 64),
    "hash_wait_seconds": between(1, 60),
    "verify_kinds": some_of(*kinds.VERIFIABLE),
    "max_sessions_per_user": between(0, 100_000),
    "pairs_per_login": between(1, 100_000),
    "throttle_pair": between(0, 1_000_000),
    "throttle_address": between(0, 1_000_000),
    "throttle_address_seconds": between(1, 86_400),
    "throttle_account": between(0, 1_000_000),
    "throttle_account_seconds": between(1, 86_400),
    "throttle_everyone": between(0, 1_000_000_000),
    "throttle_everyone_seconds": between(1, 86_400),
    "throttle_delay_seconds": between(1, 3600),
    "throttle_delay_max_seconds": between(1, 86_400),
    "throttle_forget_seconds": between(1, 86_400),
    "local_api_tokens": switch,
    "local_metrics": switch,
    "metrics_allow": networks,
    "devicehive_jwt_secret": lenient_base64,
    "rpc_bare_results": switch,
    "apiops_token_seconds": between(60, 31_536_000),
    "apiops_errors": one_of("vendor", "rfc"),
    "console_idle_seconds": between(300, 86_400),
    "console_seconds": between(300, 2_592_000),
}
