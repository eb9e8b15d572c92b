"""Master keys: named apart, derived apart, refused when missing or weak."""

import base64
import secrets
from hashlib import sha256

import pytest

from chassis.errors import VaultError
from chassis.masters import KMS_BYTES, Masters

ONE, TWO = (base64.b64encode(sha256(word).digest()).decode() for word in (b"one", b"two"))


def test_the_current_key_wraps_and_the_retired_ones_still_unwrap() -> None:
    masters = Masters.of(TWO, [ONE])
    assert masters.current == Masters.of(TWO).current != Masters.of(ONE).current
    assert set(masters.providers) == {masters.current, Masters.of(ONE).current}
    assert all(len(provider["key"]) == KMS_BYTES for provider in masters.providers.values())


def test_neither_a_name_nor_a_print_shows_the_key() -> None:
    shown = repr(Masters.of(ONE))
    assert ONE not in shown
    assert base64.b64decode(ONE).hex()[:8] not in Masters.of(ONE).current + shown


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(bytes(31)).decode(), "not base64 at all!" * 3, "钥匙"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(VaultError, match=r"SHILIU_MASTER_KEY .* has to be 32 bytes in base64"):
        Masters.of(key)


@pytest.mark.parametrize(
    "weak",
    [bytes(32), b"k" * 32, bytes(range(32)), b"correct horse battery staple 123", b"ab\xff\x00" * 8],
    ids=["zeros", "one byte", "a row", "typed words", "few bytes"],
)
def test_a_weak_key_is_refused_wherever_it_stands(weak: bytes) -> None:
    key = base64.b64encode(weak).decode()
    with pytest.raises(VaultError, match=r"SHILIU_MASTER_KEY .* is weak"):
        Masters.of(key)
    with pytest.raises(VaultError, match=r"SHILIU_MASTER_KEYS_RETIRED .* is weak"):
        Masters.of(ONE, [key])


def test_no_random_key_is_called_weak() -> None:
    for _ in range(2_000):
        Masters.of(base64.b64encode(secrets.token_bytes(32)).decode())
