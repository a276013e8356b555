"""What is below a refresh token ends with it, whatever is under way at that moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from tests.conftest import NOW, Service
from tests.doors.kinds import PHONE, proof
from v1.auth import accounts
from v1.auth.core import Core
from v1.errors import GatepassError
from v1.records import Issued, PresentedToken, Principal
from v1.tokens import pairs, revoke
from v1.tokens.families import PairRequest
from v1.tokens.rights import Rights

ROUNDS = 12
MAKERS = 4


def owner(core: Core) -> Principal:
    user = core.tables.users.find(b"admin")
    assert user
    return Principal(user.id, user.username, user.access_level, user.is_admin)


def by_revoking(core: Core, refresh: Issued) -> None:
    revoke.delete(core, refresh.token)


def by_disabling(core: Core, refresh: Issued) -> None:
    accounts.disable(core, "admin")


def by_signing_out(core: Core, refresh: Issued) -> None:
    revoke.devices(core, refresh.token.user_id, "")


@pytest.mark.parametrize("end", [by_revoking, by_disabling, by_signing_out], ids=lambda each: each.__name__)
def test_no_pair_outlives_the_refresh_token_above_it(end: Callable[[Core, Issued], None], service: Service) -> None:
    core = service.core
    for _ in range(ROUNDS):
        access, refresh = pairs.issue_pair(core, owner(core), PHONE, NOW * 1000)
        made, ended = Semaphore(0), Event()
        with ThreadPoolExecutor(MAKERS) as pool:
            proofs = (proof(service, access), proof(service, refresh))
            makers = [pool.submit(make, core, *proofs, made, ended) for _ in range(MAKERS)]
            begun = made.acquire(timeout=60)
            end(core, refresh)
            ended.set()
            assert begun and all(maker.result(timeout=60) for maker in makers)
        assert service.server.sql("SELECT id, kind, claims FROM auth_tokens", "gatepass") == ""
        accounts.enable(core, "admin")


def make(core: Core, access: PresentedToken, refresh: PresentedToken, made: Semaphore, ended: Event) -> bool:
    """Renew and create, again and again, until once after the end: is it refused then?"""
    who, wanted = owner(core), PairRequest(owner(core).user_id, Rights())
    while True:
        last = ended.is_set()
        try:
            pairs.renew_access(core, who, refresh, PHONE, NOW * 1000)
            pairs.create_pair(core, who, access, wanted, PHONE, NOW * 1000)
            made.release()
        except GatepassError:
            if last:
                return True
        else:
            if last:
                return False
