"""How the tests use the console: a browser with its cookies, and every page and form that there is."""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.doors.kinds import mint
from v1.doors.console import cookies, notices
from v1.doors.console.visits import cookie_name
from v1.tokens.text import digest

SAME_ORIGIN: Final = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of one of our own pages."""

UNKNOWN: Final = 2_147_483_000
"""An id that no row has."""

PASSWORDS: Final = {"current": "password", "new": "correct horse", "again": "correct horse"}
POSTS: Final = (
    ("sign_out", "/console/sign-out/", {}),
    ("save_profile", "/console/profile/", {"full_name": "Ann", "email": "", "language": ""}),
    ("change_password", "/console/password/", PASSWORDS),
    ("create_token", "/console/tokens/new/", {"name": "a program's", "expiration": "30d", "date": ""}),
    ("revoke_token", "/console/tokens/{token}/revoke/", {}),
    ("rename_token", "/console/tokens/{token}/rename/", {"name": "another name"}),
    ("sign_device_out", "/console/devices/{device}/sign-out/", {}),
    ("sign_others_out", "/console/devices/sign-out-others/", {}),
    ("revoke_tokens", "/console/tokens/revoke/?token={token}", {}),
    ("pardon", "/console/overview/pardon/", {"address": "192.0.2.1"}),
    ("act", "/console/users/{user}/disable/", {}),
    ("act", "/console/users/{user}/clear-failures/", {}),
    ("revoke_session", "/console/users/{user}/sessions/{theirs}/revoke/", {}),
)
"""Every form that somebody signed in sends, by its name in ACCEPTS. Ids stand in braces."""

PAGES: Final = (
    ("start", "/console/"),
    ("profile", "/console/profile/"),
    ("password", "/console/password/"),
    ("new_token", "/console/tokens/new/"),
    ("ask_rename_token", "/console/tokens/{token}/rename/"),
    ("ask_revoke_token", "/console/tokens/{token}/revoke/"),
    ("devices", "/console/devices/"),
    ("activity", "/console/activity/"),
    ("ask_sign_others_out", "/console/devices/sign-out-others/"),
    ("overview", "/console/overview/"),
    ("tokens", "/console/tokens/"),
    ("ask_revoke_tokens", "/console/tokens/revoke/?token={token}"),
    ("ask_pardon", "/console/overview/pardon/?address=192.0.2.1"),
    ("users", "/console/users/"),
    ("apps", "/console/apps/"),
    ("user", "/console/users/{user}/"),
    ("user_activity", "/console/users/{user}/activity/"),
    ("ask_act", "/console/users/{user}/disable/"),
    ("ask_act", "/console/users/{user}/clear-failures/"),
)
"""Every page that somebody signed in opens."""


@dataclass
class Browser:
    """Somebody before the console; `client` keeps the cookies."""

    service: Service
    client: FlaskClient

    @property
    def token(self) -> str:
        """The text of the session; "" for none."""
        names = [cookie_name(development) for development in (True, False)]
        return next((found.value for name in names if (found := self.client.get_cookie(name))), "")

    @property
    def session(self) -> str:
        """The id of the session, which every form carries."""
        return session_of(self.service, self.token)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, headers: dict[str, str] = SAME_ORIGIN, **fields: str) -> TestResponse:
        """Send a form of a page of ours; `session` and `headers` may be others than such a one has."""
        return self.client.post(path, data={"session": self.session} | fields, headers=headers)

    def sign_in(self, username: str = "admin", password: str = "password", **fields: str) -> TestResponse:
        given = {"username": username, "password": password} | fields
        return self.client.post("/console/sign-in/", data=given, headers=SAME_ORIGIN)


def session_of(service: Service, token: str) -> str:
    """The id of the row of this text; "" for none."""
    found = service.server.sql(f"SELECT id FROM auth_tokens WHERE auth_key = '{digest(token)}'", "gatepass")
    return found.strip()


def visitor(service: Service) -> Browser:
    return Browser(service, service.app.test_client())


def signed_in(service: Service, username: str = "admin", **fields: str) -> Browser:
    """A browser in which this user has just signed in."""
    browser = visitor(service)
    assert browser.sign_in(username, **fields).status_code == 303
    return browser


def administrator(service: Service) -> Browser:
    """A browser of `admin`, who is one from now on."""
    service.server.sql("UPDATE users SET is_admin = 1 WHERE username = 'admin'", "gatepass")
    return signed_in(service)


def with_cookie(service: Service, token: str, method: str, path: str, **fields: str) -> TestResponse:
    """Ask with this text as the session, whatever it is, and with the form that its own page would send.

    The id of the session, which every form carries, is looked up unless it is in `fields`.
    """
    headers = {"Cookie": f"{cookie_name(service.core.settings.development)}={token}", **SAME_ORIGIN}
    if method == "POST" and "session" not in fields:
        fields["session"] = session_of(service, token)
    data = fields if method == "POST" else None
    return service.app.test_client(use_cookies=False).open(path, method=method, headers=headers, data=data)


def user_id(service: Service, username: str = "admin") -> int:
    """The id of that user, who is added if there is none."""
    found = service.server.sql(f"SELECT id FROM users WHERE username = '{username}'", "gatepass")
    return int(found) if found else add_user(service.server, username)


def place(service: Service, path: str) -> str:
    """A path of PAGES or POSTS about another user's account, or about a token that does not exist."""
    return path.format(user=user_id(service, "other"), token=UNKNOWN, device=UNKNOWN, theirs=UNKNOWN)


def tokens_of(service: Service, kind: str, columns: str = "id") -> list[str]:
    """A line for each token of that kind, in the order of their ids."""
    where = f"kind = '{kind}' ORDER BY id"
    return service.server.sql(f"SELECT {columns} FROM auth_tokens WHERE {where}", "gatepass").splitlines()


def is_sign_in(response: TestResponse) -> bool:
    """Is this the way to the sign-in page, for want of a live session?"""
    place = re.fullmatch(r"/console/sign-in/(\?next=.*)?", response.headers.get("Location", ""))
    signed_out = any(each.startswith("gatepass=;") for each in response.headers.getlist("Set-Cookie"))
    return response.status_code == 303 and place is not None and not signed_out


def goes_to(response: TestResponse, place: str, done: str = "") -> bool:
    """Is this a redirect to that place, with that notice for its page?"""
    found = (response.status_code, response.headers.get("Location"), notice_for_next_page(response))
    return found == (303, place, done)


def notice_for_next_page(response: TestResponse) -> str:
    """The key in `wording.NOTICES` that the answer leaves in the browser; "" for none."""
    cookies = "\n".join(response.headers.getlist("Set-Cookie"))
    found = re.search(r"^(?:__Host-)?gatepass_notice=([^;]+);", cookies, re.MULTILINE)
    if not found:
        return ""
    _, value = URLSafeSerializer("any: it is only read").loads_unsafe(found[1])
    return str(value[1][1])


def with_notice(
    browser: Browser, done: str, path: str = "/console/profile/", username: str = "admin", at: str = "", **values: Any
) -> TestResponse:
    """A page to which a redirect with this notice led its user; no username stands for no session."""
    service, seconds = browser.service, notices.SECONDS
    value = [user_id(service, username) if username else 0, done, values, at]
    browser.client.set_cookie("gatepass_notice", cookies.sign(service.core, "gatepass_notice", value, seconds))
    return browser.get(path)


def enters(browser: Browser, response: TestResponse, place: str = "/console/") -> bool:
    """Does this answer to a sign-in lead to that place, by way of the look whether the browser kept the cookie?"""
    location = response.headers.get("Location", "")
    assert response.status_code == 303 and location.startswith("/console/sign-in/?signed=")
    return goes_to(browser.get(location), place)


@dataclass(frozen=True)
class Scene:
    """An administrator's browser, and whose ids the paths of PAGES and POSTS need: their own personal token and phone,
    another user, and that one's phone."""

    browser: Browser
    ids: dict[str, int]

    def state(self) -> str:
        return self.browser.service.server.sql(STATE, "gatepass")


STATE: Final = """SELECT id, password, is_admin FROM users ORDER BY id; SELECT * FROM profiles;
SELECT id, user_id, kind, name, expiry FROM auth_tokens ORDER BY id; SELECT * FROM login_throttle;"""


def scene(service: Service) -> Scene:
    browser, other = administrator(service), user_id(service, "other")
    service.server.sql(
        "INSERT INTO login_throttle (scope, user_id, address, failures, window_end, expiry)"
        f" VALUES ('pair', {other}, '192.0.2.1', 3, 4000000000, 4000000000)",
        "gatepass",
    )
    texts = {"token": mint(service, "personal"), "device": mint(service, "mobile")}
    texts["theirs"] = mint(service, "mobile", "other")
    return Scene(browser, {name: int(session_of(service, text)) for name, text in texts.items()} | {"user": other})
