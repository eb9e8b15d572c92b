"""The record sheets on paper: their text can be found again in the PDF, whatever somebody is called."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.exports import glyphs, hours_sheet, qr, sheet_pdf


def a_sheet(**changes: Any) -> dict[str, Any]:
    row = {
        "day": "2026-11-21",
        "times": "12:00-13:35",
        "content": "水电小修",
        "order": "SLL-261121-0042",
        "place": "第一网格",
        "organiser": "红石榴服务队",
        "minutes": 95,
        "grade": 1,
    }
    return {
        "ledger": "hours",
        "number": "SLL-20261122-7K3M9QXA",
        "code": "ABCD-EFGH-JKLM-NPQR",
        "name": "马迪娜·阿德力",
        "display_name": "马女士",
        "external_no": "V001",
        "unit": "石榴里社区",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "issued_on": "2026-11-22",
        "minutes": 95,
        "rows": [row],
        **changes,
    }


def read(sheet: dict[str, Any], public_url: str = "") -> PdfReader:
    return PdfReader(io.BytesIO(sheet_pdf.pdf(sheet, public_url)))


def text_of(sheet: dict[str, Any], public_url: str = "") -> str:
    return "\n".join(page.extract_text() for page in read(sheet, public_url).pages).replace("\n", "")


def embedded(sheet: dict[str, Any]) -> str:
    """The names of the fonts of the first page."""
    fonts = read(sheet).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return str([font.get_object()["/BaseFont"] for font in fonts.values()])


def test_what_it_says_can_be_found_in_the_pdf() -> None:
    text = text_of(a_sheet())
    for said in (
        "服务时长记录单",
        "马迪娜·阿德力",
        "石榴里社区",
        "ABCD-EFGH-JKLM-NPQR",
        "水电小修",
        "1.58",
        "红石榴服务队",
        "0042",
    ):
        assert said in text


def test_it_is_called_no_certificate() -> None:
    for paper in (text_of(a_sheet()), hours_sheet.page(a_sheet())):
        assert not {"证明", "证书"} & {paper[at : at + 2] for at in range(len(paper))}


def test_nothing_typed_acts_in_it() -> None:
    row = {**a_sheet()["rows"][0], "content": "<script>x</script> & <b>"}
    assert "<script>" not in hours_sheet.page(a_sheet(rows=[row], name="<i>王"))
    assert "<script>x</script>" in text_of(a_sheet(rows=[row]))


def test_a_long_record_goes_over_several_pages() -> None:
    rows = a_sheet()["rows"] * 120
    assert len(read(a_sheet(rows=rows)).pages) > 2


@pytest.mark.parametrize(("minutes", "text"), [(0, "0.00"), (1, "0.02"), (95, "1.58"), (6_000, "100.00")])
def test_hours_have_two_decimals(minutes: int, text: str) -> None:
    assert hours_sheet.hours_text(minutes) == text


def test_workload_is_another_paper_that_says_so() -> None:
    sheet = a_sheet(ledger="workload", number="SLL-W20261122-7K3M9QXA")
    for paper in (text_of(sheet), hours_sheet.page(sheet)):
        assert "工作量考勤单" in paper
        assert "所列都不是志愿服务" in paper
        assert not any(word in paper for word in ("服务时长记录单", "服务时长合计", "志愿者"))


def test_a_service_of_the_version_before_knew_hours_alone() -> None:
    old = {name: value for name, value in a_sheet().items() if name != "ledger"}
    old["rows"] = [{name: old["rows"][0][name] for name in ("day", "times", "content", "minutes", "grade")}]
    assert "服务时长记录单" in text_of(old)


def test_with_the_address_of_the_installation_it_can_be_scanned() -> None:
    url = "https://shiliu.example.org/api/v1/hours/check/page?number=SLL-20261122-7K3M9QXA&code=ABCD-EFGH-JKLM-NPQR"
    assert hours_sheet.check_url("https://shiliu.example.org/", a_sheet()) == url
    scanned = hours_sheet.page(a_sheet(), "https://shiliu.example.org")
    assert url.replace("&", "&amp;") in scanned
    assert scanned.count("<svg") == 1
    assert hours_sheet.SCAN in text_of(a_sheet(), "https://shiliu.example.org")
    assert "<svg" not in hours_sheet.page(a_sheet())
    assert hours_sheet.SCAN not in text_of(a_sheet())
    assert "ABCD-EFGH-JKLM-NPQR" in text_of(a_sheet())


def test_the_code_is_dark_where_the_standard_wants_a_finder() -> None:
    drawn = qr.svg("https://shiliu.example.org")
    size = int(drawn.split('viewBox="0 0 ')[1].split()[0]) - 2 * qr.QUIET
    dark = {tuple(map(int, one.split("h1v1")[0].split())) for one in drawn.split('d="M4 4')[1].split("M")[1:]}
    assert (size - 21) % 4 == 0
    for x, y in ((0, 0), (size - 7, 0), (0, size - 7)):
        ring = {(qr.QUIET + x + step, qr.QUIET + y) for step in range(7)} - {(qr.QUIET, qr.QUIET)}
        assert ring <= dark


def test_a_name_in_uyghur_is_shaped_and_stands_from_right_to_left() -> None:
    words = glyphs.tokens("(ئايگۈل · ماماد)")
    assert [token.text for token in glyphs.as_read(words)] == ["(", "ماماد", " ", "·", " ", "ئايگۈل", ")"]
    joined = next(token for token in words if token.text == "ماماد")
    apart = sum(next(iter(glyphs.tokens(letter))).width(10) for letter in "ماماد")
    assert joined.width(10) != apart, "letters that join have other shapes"
    sheet = a_sheet(name="ئايگۈل · ماماد")
    assert "Arabic" in embedded(sheet)
    assert glyphs.MISSING not in text_of(sheet)
    assert "Arabic" not in embedded(a_sheet())


def test_a_letter_that_no_font_has_is_never_a_box() -> None:
    sheet = a_sheet(name="王\u0378")
    assert f"王{glyphs.MISSING}(V001)" in text_of(sheet)
    assert "没有字形" in text_of(sheet)
    assert "没有字形" not in text_of(a_sheet())
    assert "王\u0378" in hours_sheet.page(sheet)


@pytest.mark.parametrize("text", ["马迪娜·阿德力", "a·b", "〇", "é", "王\u200b小\u202e明"])
def test_what_gbk_holds_needs_no_font_of_this_machine(text: str) -> None:
    assert {token.font for token in glyphs.tokens(text)} == {glyphs.PLAIN}


def test_lines_break_where_they_are_full_and_long_words_too() -> None:
    for text in ("长" * 40, "ئ" * 90, "བོད་" * 30):
        lines = sheet_pdf.lines_of(glyphs.tokens(text), 8, 60)
        assert len(lines) > 3
        assert sum(len(token.text) for line in lines for token in line) <= len(text)


@pytest.mark.parametrize("text", ["བོད་ཡིག", "㐂䶮𠮷", "ئايگۈل", "ä"])
def test_every_letter_is_shown_or_stood_for_whatever_fonts_a_machine_has(text: str) -> None:
    said = glyphs.tokens(text)
    shown = "".join(token.text for token in said)
    assert shown == text or set(shown) - set(text) == {glyphs.MISSING}
    for token in said:
        assert token.font == glyphs.PLAIN or token.width(10) > 0
