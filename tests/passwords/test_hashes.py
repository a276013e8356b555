"""Password hashes: PHP's own vectors, the limits on stored hashes, and the work that every "no" costs."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import COST_4, ROOT
from v1.passwords import crypt, hashes
from v1.passwords.crypt import Crypt
from v1.passwords.hashes import Passwords

VECTORS = json.loads((ROOT / "tests/vectors/php_passwords.json").read_text())["vectors"]
SYSTEM = crypt.system_crypt()
CRYPT_3 = re.compile(r"\$[156]\$")


def test_debian_uses_the_system_library() -> None:
    assert SYSTEM is not None
    assert crypt.load()(b"x", b"$5$salt$") is not None, "the bcrypt package cannot do this one"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['case']} {vector['algorithm']}")
@pytest.mark.parametrize("implementation", [SYSTEM, crypt.package_crypt], ids=["system", "package"])
def test_a_vector_has_the_result_of_php(implementation: Crypt, vector: dict) -> None:
    expected = vector["expected"]
    if implementation is crypt.package_crypt and CRYPT_3.match(vector["hash"]):
        expected = False  # without the system's library: wrong credentials, as the vector's `why` says
    check = Passwords(4, implementation).check(bytes.fromhex(vector["password_hex"]), vector["hash"].encode())
    assert check.ok is expected


def test_php_does_not_rehash_a_new_hash() -> None:
    passwords = Passwords(5)
    hashed = passwords.hash("pässword".encode())
    assert re.fullmatch(rb"\$2y\$05\$[./A-Za-z0-9]{53}", hashed)
    assert passwords.check("pässword".encode(), hashed).ok
    assert not passwords.check("pässword".encode(), hashed).needs_rehash
    assert passwords.hash("pässword".encode()) != hashed, "a salt of its own"


def test_a_password_with_a_nul_is_never_hashed() -> None:
    with pytest.raises(ValueError, match="NUL"):
        Passwords(4).hash(b"pass\0word")


@pytest.mark.parametrize(
    "stored",
    [
        COST_4,
        COST_4.replace("$2y$", "$2a$"),
        "$argon2id$v=19$m=8192,t=2,p=1$NzJlR1pQNW93VnFQdHp3Vw$NAJSy7TaOfXbuiucvnpmYQpD56EEEa0SmEVO3jsgZdI",
        "$1$abcdefgh$G//4keteveJp0qb8z2DxG/",
    ],
)
def test_an_outdated_hash_needs_a_rehash(stored: str) -> None:
    assert Passwords(5).check(b"password", stored.encode()).needs_rehash


def test_a_hash_of_a_higher_cost_is_kept() -> None:
    stored = Passwords(6).hash(b"password")
    check = Passwords(5).check(b"password", stored)
    assert (check.ok, check.needs_rehash) == (True, False)


def test_a_password_over_72_bytes_keeps_its_argon2_hash() -> None:
    vector = next(each for each in VECTORS if each["case"] == "len73" and each["algorithm"] == "argon2id")
    check = Passwords(5).check(bytes.fromhex(vector["password_hex"]), vector["hash"].encode())
    assert (check.ok, check.needs_rehash) == (True, False)


@pytest.mark.parametrize(
    "stored",
    [
        "$2y$31$ulykm2/uJogM3rrgpN7Gr.dlBl3RtM5Mb6bxcLmuJZKOQxPcvxryi",  # would never end
        "$2y$16$ulykm2/uJogM3rrgpN7Gr.dlBl3RtM5Mb6bxcLmuJZKOQxPcvxryi",
        "$2y$03$ulykm2/uJogM3rrgpN7Gr.dlBl3RtM5Mb6bxcLmuJZKOQxPcvxryi",
        "$5$rounds=20000000$saltsaltsalt$" + "a" * 43,  # 13 s
        "$6$rounds=200001$saltsaltsalt$" + "a" * 86,
        "$6$rounds=999$saltsaltsalt$" + "a" * 86,  # libxcrypt reads neither these rounds nor this salt
        "$1$sältsalt$" + "a" * 22,
        "$argon2id$v=19$m=1048576,t=2,p=1$NzJlR1pQNW93VnFQdHp3Vw$NAJSy7TaOfXbuiucvnpmYQ",  # 1 GiB
        "$argon2id$v=19$m=8192,t=11,p=1$NzJlR1pQNW93VnFQdHp3Vw$NAJSy7TaOfXbuiucvnpmYQ",
        "$argon2id$v=19$m=8192,t=2,p=255$NzJlR1pQNW93VnFQdHp3Vw$NAJSy7TaOfXbuiucvnpmYQ",
        "$argon2d$v=19$m=8192,t=2,p=1$NzJlR1pQNW93VnFQdHp3Vw$NAJSy7TaOfXbuiucvnpmYQ",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "",
        "*",
        "plaintext",
    ],
)
def test_a_stored_hash_beyond_the_limits_is_unreadable_and_costs_one_hash(stored: str) -> None:
    work = CountingCrypt()
    check = Passwords(6, work).check(b"password", stored.encode())
    assert (check.ok, check.readable) == (False, False)
    assert not hashes.readable(stored.encode()), "and the console says so"
    assert work.costs == [6]


@pytest.mark.parametrize("length", [511, 512, 16_000])
def test_a_password_too_long_for_crypt_is_wrong_but_the_stored_hash_stays_readable(length: int) -> None:
    assert SYSTEM is not None
    stored, work = SYSTEM(b"a" * 511, b"$6$saltsaltsalt$"), CountingCrypt()
    check = Passwords(6, work).check(b"a" * length, stored)
    assert (check.ok, check.readable) == (length == 511, True)
    assert work.costs == ([] if length == 511 else [6])


class CountingCrypt:
    """The real implementation, which writes down the bcrypt cost of every call."""

    def __init__(self) -> None:
        self.costs: list[int] = []

    def __call__(self, password: bytes, setting: bytes) -> bytes | None:
        assert SYSTEM is not None
        hashed = SYSTEM(password, setting)
        if setting.startswith(b"$2"):
            assert hashed is not None and len(hashed) == 60, "a malformed dummy would return at once"
            self.costs.append(int(setting[4:6]))
        return hashed

    @property
    def work(self) -> int:
        return sum(2**cost for cost in self.costs)


@pytest.mark.parametrize(
    ("password", "stored"),
    [
        (b"wrong", Passwords(8).hash(b"password")),
        (b"wrong", Passwords(7).hash(b"password")),
        (b"wrong", COST_4.encode()),
        (b"wrong", None),
        (b"", None),
        (b"", COST_4.encode()),
        (b"pass\0word", COST_4.encode()),
        (b"pass\0word", None),
        (b"x" * 16_000, COST_4.encode()),
        (b"wrong", b"plaintext"),
        (b"wrong", b"$2y$99$ulykm2/uJogM3rrgpN7Gr.dlBl3RtM5Mb6bxcLmuJZKOQxPcvxryi"),
        (b"wrong", b"$1$abcdefgh$G//4keteveJp0qb8z2DxG/"),
    ],
    ids=range(12),  # some are salted anew each time
)
def test_every_refusal_costs_the_work_of_one_hash_at_the_configured_cost(password: bytes, stored: bytes | None) -> None:
    work = CountingCrypt()
    assert not Passwords(8, work).check(password, stored).ok
    assert work.work == 2**8


@given(
    st.binary(max_size=200), st.one_of(st.binary(max_size=130), st.from_regex(rb"\$(1|2y|5|6|argon2id)\$[!-~]{0,90}"))
)
def test_no_password_is_right_for_a_stored_value_at_random(password: bytes, stored: bytes) -> None:
    assert not Passwords(4).check(password, stored).ok
