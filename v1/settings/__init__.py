"""The settings of the service, read once from the environment. All problems are reported at once.

Each setting is declared in one place, in the module of its group; declaration.py says how.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from v1.settings.answers import AnswerSettings
from v1.settings.callers import CallerSettings
from v1.settings.database import DatabaseSettings
from v1.settings.declaration import NO_DEFAULT, declarations
from v1.settings.environment import DEVELOPMENT_KEY, EnvironmentSettings
from v1.settings.passwords import PasswordSettings
from v1.settings.server import ServerSettings
from v1.settings.sessions import SessionSettings
from v1.settings.throttle import ThrottleSettings
from v1.settings.values import KEY_BYTES

__all__ = ["DEVELOPMENT_KEY", "GROUPS", "PRIVATE_DATABASE", "Settings", "SettingsError", "load"]

PRIVATE_DATABASE: Final = Path(__file__).resolve().parents[2] / "var" / "private.env"
"""`make run` writes this file while its private MariaDB runs. Commands in another terminal read it."""


class SettingsError(SystemExit):
    """All problems of the settings, one a line. As a SystemExit it stops any command and prints only this text."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("gatepass cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings(
    DatabaseSettings,
    EnvironmentSettings,
    AnswerSettings,
    PasswordSettings,
    ThrottleSettings,
    SessionSettings,
    CallerSettings,
    ServerSettings,
):
    """The value of every setting. Each field is named like its environment variable, in lower case."""

    @property
    def development(self) -> bool:
        return self.app_env == "development"


GROUPS: Final = Settings.__bases__
"""The groups of settings in the order of the documents. The docstring of a group is its heading there."""


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings of this process. Raises SettingsError with every problem found."""
    values = _with_private_database(environ)
    found, problems = _read(values)
    if not values.get("DATABASE_URL"):
        problems.append("DATABASE_URL is not set: mysql://user:password@host:3306/name, or start `make run`")
    if found["migrate_database_url"] is NO_DEFAULT:
        found["migrate_database_url"] = found["database_url"]
    if found["app_env"] == "production":
        problems += _refused_in_production(values, found)
    if problems:
        raise SettingsError(problems)
    return Settings(**found)


def _read(values: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The value of each setting, and the problems found. A setting that is unset or wrong has its default."""
    found: dict[str, Any] = {}
    problems: list[str] = []
    for each in (declared for group in GROUPS for declared in declarations(group)):
        found[each.name.lower()] = each.default
        if text := values.get(each.name, ""):
            try:
                found[each.name.lower()] = each.read(text)
            except ValueError as error:
                problems.append(f"{each.name}: {error}")
    return found, problems


def _refused_in_production(values: Mapping[str, str], found: Mapping[str, Any]) -> list[str]:
    """Problems of settings that only development allows."""
    problems = []
    if found["bcrypt_cost"] < 10:
        problems.append("BCRYPT_COST: below 10 only with APP_ENV=development")
    if not values.get("TOKEN_KEYS"):
        problems.append("TOKEN_KEYS is not set: make a key with `openssl rand -hex 32`")
    if found["devicehive_jwt_secret"] and len(found["devicehive_jwt_secret"]) < KEY_BYTES:
        problems.append("DEVICEHIVE_JWT_SECRET: below 32 decoded bytes only with APP_ENV=development")
    return problems


def _with_private_database(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the private database of a running `make run`.

    Only commands (`gatepass`, `flask`) use it, only outside production, and only if DATABASE_URL is not set.
    """
    wanted = environ.get("FLASK_RUN_FROM_CLI") == "true" and not environ.get("DATABASE_URL")
    if not wanted or environ.get("APP_ENV") == "production" or not PRIVATE_DATABASE.exists():
        return environ
    lines = PRIVATE_DATABASE.read_text().splitlines()
    return {**dict(line.split("=", 1) for line in lines if "=" in line), **environ}
