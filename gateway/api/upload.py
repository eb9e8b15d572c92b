"""The one file of a request: as the whole body, or in a form. Nothing of it touches the disk, its name is not read."""

from io import BytesIO
from typing import IO, Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from contracts.words import Text
from gateway.api.field_errors import FieldError
from gateway.api.problems import Problem

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
_RAW = frozenset({*PICTURES, "application/octet-stream"})
FORM = "multipart/form-data"
PART = "picture"
MOST_PARTS = 4

_FILE = {"type": "string", "format": "binary"}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {kind: {"schema": _FILE} for kind in sorted(_RAW)}
    | {FORM: {"schema": {"type": "object", "properties": {PART: _FILE}, "required": [PART]}}},
}
"""For the description of a route that takes a picture."""


def picture_of_request() -> bytes:
    """The bytes; raises Problem 415 for another kind of body, 422 where there is no picture in it."""
    if request.mimetype in _RAW:
        data = request.get_data(cache=True)
    elif request.mimetype == FORM:
        data = parts_of_form(PART).get(PART, b"")
    else:
        raise Problem(
            415,
            "picture-needed",
            Text("请发 JPEG、PNG、WebP 或 HEIC 照片", "send a JPEG, PNG, WebP or HEIC picture"),
        )
    if not data:
        missing = Text("没有收到照片", "no picture came")
        raise Problem(422, "no-picture", missing, (FieldError(PART, "body", missing),))
    return data


def parts_of_form(*names: str) -> dict[str, bytes]:
    """The parts of the form with these names, files or not; raises Problem 422 where it cannot be read."""
    # The parser's own bound of memory counts files too; the whole body is bounded already.
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=None, max_form_parts=MOST_PARTS)
    body = request.get_data(cache=True)
    try:
        _, texts, files = parser.parse(BytesIO(body), FORM, len(body), request.mimetype_params)
    except (RequestEntityTooLarge, ValueError) as error:
        wrong = Text("表单看不懂", "the form cannot be read")
        raise Problem(422, "bad-form", wrong, (FieldError(names[0], "body", wrong),)) from error
    found = {name: texts[name].encode() for name in names if name in texts}
    return found | {name: files[name].stream.read() for name in names if name in files}


def _in_memory(*_: Any, **__: Any) -> IO[bytes]:
    return BytesIO()
