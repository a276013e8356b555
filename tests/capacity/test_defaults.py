"""What the sums take from the settings is what the settings are."""

from v1.capacity import needs, relogin
from v1.capacity.plan import LIMITS, Plan
from v1.kinds import KINDS
from v1.settings import GROUPS
from v1.settings.declaration import declarations

DEFAULTS = {each.name: each.default for group in GROUPS for each in declarations(group)}


def test_the_settings_that_sums_use_have_their_defaults() -> None:
    plan = Plan(users=1)
    assert (DEFAULTS["THREADS"], DEFAULTS["CONNECTIONS"]) == (needs.THREADS, needs.CONNECTIONS)
    assert (DEFAULTS["HASH_WAIT_SECONDS"], DEFAULTS["THROTTLE_EVERYONE"]) == (relogin.WAIT_SECONDS, relogin.EVERYONE)
    assert (DEFAULTS["BCRYPT_COST"], DEFAULTS["EVENTS_DAYS"]) == (plan.bcrypt_cost, plan.events_days)
    assert DEFAULTS["THROTTLE_EVERYONE_SECONDS"] == 60


def test_a_mobile_token_lives_as_long_as_the_plan_says() -> None:
    mobile = next(kind for kind in KINDS if kind.name == "mobile")
    assert mobile.seconds == Plan(users=1).token_days * 86_400


def test_a_node_may_have_as_many_cores_as_workers() -> None:
    (workers,) = (each for group in GROUPS for each in declarations(group) if each.name == "WORKERS")
    assert f"to {LIMITS['node_cores'][1]}" in workers.read.form
