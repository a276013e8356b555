"""The check loop: token checks are read, looked up together and answered by the main loop, without a thread.

For a token check, the way from the poller to a thread and back takes longer than the check. Here, in each round of the
main loop, every plain check that has arrived is begun; one SELECT looks up all of them, without a wait; and when its
rows arrive, all are answered. What arrives meanwhile goes into the next SELECT.

Nothing about a token is decided here: the endpoints of v1/doors/pre_flask.py do that, as they do on a thread. What is
no plain check (v1/server/request/plain_check.py) goes to a thread.
"""

from dataclasses import dataclass
from typing import Any

from v1.doors import pre_flask
from v1.doors.pre_flask import Begun, Endpoint
from v1.observe import logs
from v1.server.request import plain_check
from v1.server.worker import answer_bytes
from v1.server.worker.connections import Connection
from v1.server.worker.look_ups import LookUps, Row
from v1.server.worker.reading import Reading


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was begun, and the connection that it came on."""

    connection: Connection
    endpoint: Endpoint
    begun: Begun


class CheckLoop(Reading):
    """Overrides `load_wsgi`, `run` and `wait_for_and_dispatch_events` (a round of the main loop) of gunicorn's worker,
    and defines `begin_check`."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        extensions: dict[str, Any] = getattr(self.wsgi, "extensions", {})
        self._endpoints: dict[str, Endpoint] = extensions.get(pre_flask.EXTENSION, {})
        core: Any = extensions.get("gatepass")
        self._causal: bool = core.settings.causal_checks if core else True
        self._look_ups: LookUps[Check] = LookUps(core, self.poller, self.method_queue.defer, self._causal)
        self._causal_look_ups: LookUps[Check] = LookUps(core, self.poller, self.method_queue.defer)
        self._found: list[tuple[Check, Row]] = []

    def run(self) -> None:
        try:
            super().run()
        finally:
            self._look_ups.close()
            self._causal_look_ups.close()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        seconds = 0.0 if self._found else self._look_ups.seconds_to_wait()
        if not self._causal:
            seconds = min(seconds, self._causal_look_ups.seconds_to_wait())
        super().wait_for_and_dispatch_events(min(timeout, seconds))
        self._found += self._look_ups.next_round() if self._causal else self._both_rounds()
        if self._found:
            found, self._found = self._found, []
            self._answer(found)

    def _both_rounds(self) -> list[tuple[Check, Row]]:
        """What was found. A token that was not found on this node is looked up once more, causally: another node may
        have issued it just now."""
        found = self._causal_look_ups.next_round()
        for check, row in self._look_ups.next_round():
            if row is None and check.begun.auth_key is not None:
                self._causal_look_ups.add(check.begun.auth_key, check)
            else:
                found.append((check, row))
        return found

    def begin_check(self, conn: Connection, request: bytes) -> bool:
        environ = plain_check.read(request)
        endpoint = self._endpoints.get(environ["PATH_INFO"]) if environ else None
        if environ is None or endpoint is None or self.nr + 1 >= self.max_requests:
            return False
        self.nr += 1
        conn.leave()
        check = Check(conn, endpoint, endpoint.begin(environ))
        logs.request_id.set("")  # what is logged until the request goes on may be about another one
        if check.begun.auth_key is None:
            self._found.append((check, None))
        else:
            self._look_ups.add(check.begun.auth_key, check)
        return True

    def _answer(self, found: list[tuple[Check, Row]]) -> None:
        answers, lines = [], []
        for check, row in found:
            try:
                answer, line = check.endpoint.finish(check.begun, check.endpoint.unpack(check.begun, row))
            except Exception as error:
                logs.unforeseen(error)
                self.drop(check.connection)
                continue
            check.connection.keep = self.alive
            answers.append((check.connection, answer_bytes.encode(*answer, keep=check.connection.keep)))
            lines.append(line)
        logs.write(*lines)
        for connection, encoded in answers:
            self._send(connection, encoded)

    def _send(self, conn: Connection, answer: bytes) -> None:
        try:
            conn.sock.sendall(answer)
        except OSError:
            self.drop(conn)
        else:
            self.go_on(conn)
