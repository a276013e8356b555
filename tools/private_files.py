"""The files of a private server's directory that hold passwords: each is readable for its owner alone."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def password(directory: Path) -> str:
    """The password of every account of this server: random, made at the first start."""
    path = directory / "password"
    if not path.exists():
        write_private(path, secrets.token_hex(16))
    return path.read_text()


def write_accounts(directory: Path, first: tuple[str, ...], secret: str, database: str) -> None:
    """`init.sql`, which makes the accounts. It runs at every start, so an interrupted one does no harm. Each line is a
    statement."""
    lines = [*first, f"ALTER USER root@localhost IDENTIFIED BY '{secret}';"]
    lines += [f"CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;"]
    for account in (database, f"{database}_migrate"):
        lines += [f"CREATE USER IF NOT EXISTS {account}@localhost;"]
        lines += [f"ALTER USER {account}@localhost IDENTIFIED BY '{secret}';"]
    lines += [f"GRANT SELECT, INSERT, UPDATE, DELETE ON `{database}%`.* TO {database}@localhost;"]
    lines += [f"GRANT ALL ON `{database}%`.* TO {database}_migrate@localhost;"]
    write_private(directory / "init.sql", "\n".join(lines) + "\n")


def write_client_files(directory: Path, place: Path, secret: str, database: str) -> None:
    """`client.cnf` and `root.cnf`, for the clients. The service's account is named as its database."""
    write_private(directory / "client.cnf", _client_cnf(place, database, secret, database))
    write_private(directory / "root.cnf", _client_cnf(place, "root", secret, ""))


def _client_cnf(place: Path, user: str, secret: str, database: str) -> str:
    lines = ["[client]", f"socket={place}", f"user={user}", f"password={secret}", "default-character-set=utf8mb4"]
    return "\n".join(lines + ([f"[mysql]\ndatabase={database}"] if database else [])) + "\n"


def remove_old_socket(directory: Path) -> None:
    """Remove the short directory of a server that was killed together with its parent."""
    with suppress(OSError):
        lines = (directory / "root.cnf").read_text().splitlines()
        old = Path(next((line for line in lines if line.startswith("socket=")), "")[len("socket=") :]).parent
        if old.parent == Path("/tmp") and old.name.startswith("gatepass-"):
            shutil.rmtree(old, ignore_errors=True)
