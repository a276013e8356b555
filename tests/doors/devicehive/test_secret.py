"""DEVICEHIVE_JWT_SECRET: a key shared with a DeviceHive signs the pair alone, and alone it opens nothing."""

import base64

import pytest

from tests.conftest import NOW, Service
from tests.doors.contract import MakeService
from tests.doors.devicehive.hive import (
    access,
    add_admin,
    create,
    current,
    is_live,
    is_refused,
    log_in,
    pair,
    payload,
    refresh,
    rows,
)
from tests.environments import TOKEN_KEY
from tests.tokens.forging import decoded, forge

KEY = bytes(range(7, 47))
SECRET = base64.b64encode(KEY).decode()
FAR = 4_102_444_800_000


@pytest.fixture
def shared(service: Service, make_service: MakeService) -> Service:
    """The same service with a key that a DeviceHive has too. Its text has a line's end and dashes, as files have."""
    return make_service(DEVICEHIVE_JWT_SECRET=f"-{SECRET[:10]}\n{SECRET[10:]}-")


def is_signed(token: str, key: bytes) -> bool:
    return token == forge(decoded(token), key)


def test_the_pair_is_signed_with_the_shared_key_and_without_one_with_the_services_own(
    service: Service, shared: Service
) -> None:
    for where, key, other in ((service, TOKEN_KEY.encode(), KEY), (shared, KEY, TOKEN_KEY.encode())):
        tokens = log_in(where)
        made = pair(create(where, tokens.access, userId=payload(tokens.access)["u"]))
        for token in (*vars(tokens).values(), *vars(made).values(), access(refresh(where, tokens.refresh))):
            assert is_signed(token, key) and not is_signed(token, other)


def test_a_client_names_no_network_to_a_devicehive_that_would_believe_it(service: Service, shared: Service) -> None:
    """What `null` stands for, all that its user may access, is known to that DeviceHive alone."""
    add_admin(shared, "root")
    for where, status in ((service, 201), (shared, 403)):
        tokens = log_in(where)
        for asked in ({"networkIds": ["777"]}, {"deviceTypeIds": [9]}, {"networkIds": []}):
            assert create(where, tokens.access, userId=payload(tokens.access)["u"], **asked).status_code == status
        assert create(where, tokens.access, userId=payload(tokens.access)["u"]).status_code == 201
    root = log_in(shared, "root")
    given = pair(create(shared, root.access, userId=payload(tokens.access)["u"], networkIds=["7", "8"], actions=[15]))
    for ids, status in ((["7"], 201), (["9"], 403)):
        asked = {"userId": payload(given.access)["u"], "networkIds": ids}
        assert create(shared, given.access, **asked).status_code == status


def test_a_token_that_a_devicehive_signed_itself_has_no_row_and_opens_nothing(shared: Service) -> None:
    user_id = payload(log_in(shared).access)["u"]
    for user in (1, user_id):
        said = {"a": [0], "e": FAR, "t": 1, "u": user, "n": ["*"], "dt": ["*"]}
        token, renewing = (forge({"payload": said | {"t": kind}}, KEY) for kind in (1, 0))
        assert is_refused(current(shared, token), 401, "Unauthorized")
        assert is_refused(create(shared, token, userId=user_id), 401, "Unauthorized")
        assert is_refused(refresh(shared, renewing), 401, "Unauthorized")
        assert is_refused(refresh(shared, token), 401, "Invalid token type")
        expired = forge({"payload": said | {"e": NOW * 1000}}, KEY)
        assert is_refused(current(shared, expired), 401, "Token expired"), "its own signature tells"
    assert rows(shared) == 2


def test_a_token_of_a_row_under_another_key_is_none(service: Service, shared: Service) -> None:
    """As after the key was set, changed or taken away: the rows are there, and their signatures are good no more."""
    before, after = log_in(service), log_in(shared)
    for where, tokens in ((service, after), (shared, before)):
        assert is_live(where, tokens) == (False, False)
        assert is_refused(current(where, tokens.access), 401, "Unauthorized")
        assert is_refused(refresh(where, tokens.access), 401, "Unauthorized")
    assert is_live(service, before) == is_live(shared, after) == (True, True)
