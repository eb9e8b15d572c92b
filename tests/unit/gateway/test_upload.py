"""A file comes as the whole body or in a form, however large it may be."""

from io import BytesIO

import pytest
from flask import Flask

from gateway.api.problems import Problem
from gateway.api.upload import MOST_PARTS, picture_of_request

DATA = bytes(range(256)) * 8_000
"""Two megabytes: more than a parser holds of a form's own fields."""


def test_a_large_file_comes_whole_by_either_way() -> None:
    app = Flask("upload")
    form = {"picture": (BytesIO(DATA), "x.jpg")}
    with app.test_request_context(method="POST", data=form, content_type="multipart/form-data"):
        assert picture_of_request() == DATA
    for kind in ("image/jpeg", "image/heic", "application/octet-stream"):
        with app.test_request_context(method="POST", data=DATA, content_type=kind):
            assert picture_of_request() == DATA


def test_another_kind_of_body_is_refused_and_told_which_are_taken() -> None:
    with (
        Flask("upload").test_request_context(method="POST", data=DATA, content_type="image/gif"),
        pytest.raises(Problem) as refusal,
    ):
        picture_of_request()
    assert refusal.value.status == 415
    for kind in ("JPEG", "PNG", "WebP", "HEIC"):
        assert kind in refusal.value.detail.zh
        assert kind in refusal.value.detail.en


def test_a_form_of_many_parts_is_refused() -> None:
    form = {f"part-{number}": (BytesIO(b"x"), "x") for number in range(MOST_PARTS + 1)}
    with (
        Flask("upload").test_request_context(method="POST", data=form, content_type="multipart/form-data"),
        pytest.raises(Problem) as refusal,
    ):
        picture_of_request()
    assert (refusal.value.status, refusal.value.code) == (422, "bad-form")
