"""The cipher: what goes in comes out, and only with the same key, for the same place, unchanged."""

import base64
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.cipher import Cipher, CipherError
from chassis.errors import VaultError

KEY = base64.b64encode(sha256(b"one").digest()).decode()
OTHER_KEY = base64.b64encode(sha256(b"other").digest()).decode()
CONTEXT = "tickets/t-1/description"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")), st.text(alphabet=st.characters(codec="utf-8")))
def test_a_text_comes_back(text: str, context: str) -> None:
    assert Cipher(KEY).decrypt(Cipher(KEY).encrypt(text, context), context) == text


def test_the_same_text_looks_different_each_time_and_shows_nothing() -> None:
    blobs = {Cipher(KEY).encrypt("灯不亮了", CONTEXT) for _ in range(20)}
    assert len(blobs) == 20
    assert not any("灯".encode() in blob for blob in blobs)


def test_a_text_cannot_be_moved_to_another_place() -> None:
    blob = Cipher(KEY).encrypt("灯不亮了", CONTEXT)
    with pytest.raises(CipherError, match="does not belong to tickets/t-2/description"):
        Cipher(KEY).decrypt(blob, "tickets/t-2/description")


@pytest.mark.parametrize("position", [5, 16, 20, -1])
def test_a_changed_text_is_refused(position: int) -> None:
    blob = bytearray(Cipher(KEY).encrypt("灯不亮了", CONTEXT))
    blob[position] ^= 1
    with pytest.raises(CipherError, match="was changed"):
        Cipher(KEY).decrypt(bytes(blob), CONTEXT)


def test_another_master_key_is_named_as_the_reason() -> None:
    blob = Cipher(KEY).encrypt("灯不亮了", CONTEXT)
    with pytest.raises(CipherError, match="SHILIU_MASTER_KEY"):
        Cipher(OTHER_KEY).decrypt(blob, CONTEXT)


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x02" + bytes(60), "灯不亮了".encode() * 4])
def test_what_we_did_not_encrypt_is_refused(blob: bytes) -> None:
    with pytest.raises(CipherError, match="no text that we encrypted"):
        Cipher(KEY).decrypt(blob, CONTEXT)


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(bytes(31)).decode(), "not base64 at all!" * 3, "钥匙"])
def test_a_master_key_that_cannot_be_used_is_said_so(key: str) -> None:
    with pytest.raises(VaultError, match="32 bytes in base64"):
        Cipher(key)
