"""How a test sees to it that a statement stands in line behind a lock of somebody else's."""

from tests.e2e.faults import until
from tools.private_server import Server


def cut_off(server: Server, statement: str) -> None:
    """Have the server end the connections that are at this named statement: no row of it is kept."""
    running = f"SELECT id FROM information_schema.processlist WHERE info LIKE '/* {statement} */%'"
    for connection in server.sql(running).split():
        server.sql(f"KILL {connection}")
    wait_for(server, statement, 0)


def wait_for(server: Server, statement: str, number: int = 1) -> None:
    """Wait until the server is at this named statement so many times at once; `%` in a name stands for any letters."""
    until(lambda: running(server, statement) == number, f"{number} times at {statement}")


def running(server: Server, statement: str) -> int:
    """How often the server is at this named statement now."""
    count = f"SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '/* {statement} */%'"
    return int(server.sql(count))
