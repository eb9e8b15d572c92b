"""Ids: new ones differ, derived ones repeat, a command's id is nobody else's."""

import re
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from ulid import ULID

from chassis.ids import body_hash, command_id, derived_id, new_id

KEY = "a key that only tests sign with"
ULID_SHAPE = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def test_new_ids_are_ulids_and_differ() -> None:
    ids = {new_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(ULID_SHAPE.fullmatch(id) for id in ids)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")), st.text(alphabet=st.characters(codec="utf-8")))
def test_a_derived_id_is_shaped_like_a_ulid_and_repeats(one: str, other: str) -> None:
    assert ULID_SHAPE.fullmatch(derived_id(one))
    assert str(ULID.from_str(derived_id(one))) == derived_id(one)
    assert (derived_id(one) == derived_id(other)) == (one == other)


def test_the_derived_id_is_fixed_for_ever() -> None:
    """Another rule here would let a repeat after an upgrade create a second order."""
    assert derived_id("command-1") == "6RSQTYBK41PX72SKAEWSRF6D1M"


def test_a_command_id_depends_on_each_of_its_parts() -> None:
    ids = {command_id(*parts) for parts in product((KEY, "k"), ("a", "b"), ("POST", "PUT"), ("/x", "/y"), ("1", "2"))}
    assert len(ids) == 32
    assert all(re.fullmatch(r"[0-9a-f]{64}", id) for id in ids)


def test_parts_cannot_be_shifted_into_each_other() -> None:
    assert command_id(KEY, "a", "POST", "/x", "1") != command_id(KEY, "a", "POST", "/x1", "")
    assert command_id(KEY, 'a", "P', "", "/x", "1") != command_id(KEY, "a", 'P", "', "/x", "1")


def test_a_body_has_its_hash() -> None:
    assert body_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert body_hash(b"{}") != body_hash(b"{ }")
