"""The record sheet on paper: its text can be found again in the PDF, whatever somebody is called."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.exports import hours_sheet


def a_sheet(**changes: Any) -> dict[str, Any]:
    row = {"day": "2026-11-21", "times": "12:00-13:35", "content": "水电小修", "minutes": 95, "grade": 1}
    return {
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


def text_of(sheet: dict[str, Any]) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(hours_sheet.pdf(sheet))).pages)


def test_what_it_says_can_be_found_in_the_pdf() -> None:
    text = text_of(a_sheet())
    for said in ("服务时长记录单", "马迪娜·阿德力", "石榴里社区", "ABCD-EFGH-JKLM-NPQR", "水电小修", "1.58"):
        assert said in text


def test_it_is_called_no_certificate() -> None:
    for paper in (text_of(a_sheet()), hours_sheet.page(a_sheet())):
        assert not {"证明", "证书"} & {paper[at : at + 2] for at in range(len(paper))}


def test_nothing_typed_acts_in_it() -> None:
    row = {**a_sheet()["rows"][0], "content": "<script>x</script> & <b>"}
    assert "<script>" not in hours_sheet.page(a_sheet(rows=[row], name="<i>王"))
    assert "<script>x</script>" in text_of(a_sheet(rows=[row])).replace("\n", "")


def test_a_long_record_goes_over_several_pages() -> None:
    rows = a_sheet()["rows"] * 120
    assert len(PdfReader(io.BytesIO(hours_sheet.pdf(a_sheet(rows=rows)))).pages) > 2


@pytest.mark.parametrize(("minutes", "text"), [(0, "0.00"), (1, "0.02"), (95, "1.58"), (6_000, "100.00")])
def test_hours_have_two_decimals(minutes: int, text: str) -> None:
    assert hours_sheet.hours_text(minutes) == text
