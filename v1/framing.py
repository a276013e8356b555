"""Owns how a request's body is framed, where gunicorn is stricter than HTTP."""

from gunicorn.http.message import Request as GunicornRequest  # type: ignore[import-untyped]

LENGTH = "CONTENT-LENGTH"


class Request(GunicornRequest):  # type: ignore[misc]
    """A Content-Length that is there twice, and alike, is one (RFC 9112 6.3): so the media server's pages print their
    call of `/api/`, and gunicorn refuses it in HTML. Two that differ are refused as before."""

    headers: list[tuple[str, str]]

    def set_body_reader(self) -> None:
        lengths = [header for header in self.headers if header[0] == LENGTH]
        if len(lengths) > 1 and len(set(lengths)) == 1:
            self.headers = [header for header in self.headers if header[0] != LENGTH] + lengths[:1]
        super().set_body_reader()
