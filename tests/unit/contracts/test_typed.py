"""One rule for what is typed: what nobody sees is taken out, what any script needs stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.typed import clean, is_clean

STAYS = (
    "马迪娜·阿德力",
    "米日古力·吾…",
    "مەھمۇد ئابدۇرېھىم",
    "مادىنە·ئادىل",
    "محمود",
    "می‌خواهم",
    "O’Brien-李",
    "Nguyễn Thị Ánh",
    "སྐུ་ཞབས།",
    "ᠮᠣᠩᠭᠣᠯ",
    "葛󠄀城",
    "👵🏽 👩‍👩‍👧 ❤️‍🔥",
    "第一行\n\t第二行",
    "e\u0301\u0323",
    "1\ufe0f\u20e3 ☎\ufe0e",
)


@pytest.mark.parametrize("text", STAYS)
def test_every_letter_of_every_script_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("陈\u202e奶奶", "陈奶奶"),
        ("\u2067محمود\u2069", "محمود"),
        ("adm\u200bin", "admin"),
        ("admin\u200d", "admin"),
        ("ad\u200cmin", "admin"),
        ("\ufeff石榴", "石榴"),
        ("a\u00adb", "ab"),
        ("bell\x07 \x1b[31mred\x1b[0m", "bell [31mred[0m"),
        ("\u0085one\u2028two\rthree\r\nfour", "\none\ntwo\nthree\nfour"),
        ("\u3164", ""),
        ("tag\U000e0041", "tag"),
        ("\ufffe\ufdd0", ""),
        ("Z" + "\u0300" * 40, "Z" + "\u0300" * 4),
        ("م\u061c\u200cم", "مم"),
        ("admin\ufe00", "admin"),
        ("ad\U000e0100min", "admin"),
        ("葛\U000e0100\U000e0101\U000e0102城", "葛\U000e0100城"),
        ("\ufe0f石榴", "石榴"),
        ("a\U0001d173b\U0001bca0\U0001fffe\U0010ffff\ufff0", "ab"),
    ],
)
def test_what_nobody_sees_is_taken_out(typed: str, kept: str) -> None:
    assert clean(typed) == kept


ODD = "aم葛👩❤\ufe0f\U000e0100\u200c\u200d\u200b\u061c\u202e\u0301\r\n\u2028\x85\x1b"


@given(st.text(st.sampled_from(ODD) | st.characters()))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(st.text())
def test_what_is_called_clean_stays(text: str) -> None:
    if is_clean(text):
        assert clean(text) == text
