"""What answers about words and rules of notices hold, and what bodies may."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from contracts.schemas.fields import ByName, SafeInteger, SafeText, StrictBoolean, UtcTime
from contracts.typed import clean
from gateway.api.bodies import MAX_WORD, Body
from gateway.api.schemas import BOTH, shape

MOST_LOCALES, MOST_CHANGED, MOST_OWN, MOST_LISTED, MOST_VALUES = 12, 500, 50, 20, 50
LONGEST_WORDS = 2_000
_ISOLATES = dict.fromkeys((0x200E, 0x200F, *range(0x2066, 0x206A)))
"""Marks and isolates of a text from right to left; they are taken out and set anew where something is inserted."""


class Words(SafeText):
    """Words of a template: what nobody sees is refused here, not taken out, for somebody else reads them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(value, str) and clean(value.translate(_ISOLATES)) != value.translate(_ISOLATES):
            raise ValidationError("有看不见的控制字符 / there are control characters, or such as turn the direction")
        return text


class Sample(fields.Field[Any]):
    """A value for a preview: a text, a number, yes or no, texts in both languages, or a list of texts."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, list):
            if len(value) > MOST_LISTED:
                raise ValidationError(f"Longer than maximum length {MOST_LISTED}.")
            return [self._one(one) for one in value]
        return self._one(value)

    def _one(self, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return SafeInteger().deserialize(value)
        if isinstance(value, Mapping):
            return {str(SafeText().deserialize(name)): SafeText().deserialize(said) for name, said in value.items()}
        return SafeText().deserialize(value)


class WordsBody(Body):
    """The words in one language; ``sms`` is the short form, ``group`` what a robot says in a group."""

    title = Words(required=True, validate=validate.Length(max=LONGEST_WORDS))
    body = Words(required=True, validate=validate.Length(max=LONGEST_WORDS))
    sms = Words(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_WORDS))
    group = Words(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_WORDS))


def _texts(**presence: Any) -> Any:
    return ByName(
        keys=SafeText(validate=validate.Length(1, MAX_WORD)),
        values=fields.Nested(WordsBody),
        validate=validate.Length(max=MOST_LOCALES),
        **presence,
    )


class TemplateBody(Body):
    """The words of a new version, in every language; zh-CN and en are needed."""

    texts = _texts(required=True)


def _word() -> Any:
    return SafeText(required=True, validate=validate.Length(1, MAX_WORD))


def _word_or_null() -> Any:
    return SafeText(load_default=None, allow_none=True, validate=validate.Length(1, MAX_WORD))


class NewTemplateBody(Body):
    """A template of the community's own: ``own-…``, for what ``event`` tells ``audience``."""

    id = _word()
    event = _word()
    audience = _word()
    texts = _texts(required=True)


class RestoreBody(Body):
    """Which version holds again; null: the platform's words, as they are now and will be."""

    version = SafeInteger(load_default=None, allow_none=True, validate=validate.Range(1, 2**31))


class PreviewBody(Body):
    """What to show: ``texts`` that are not saved, or a ``version``, or what holds now; with these ``values``.

    Of an own template that is not there yet, ``event`` and ``audience`` say for what it is.
    """

    texts = _texts(load_default=None, allow_none=True)
    version = SafeInteger(load_default=None, allow_none=True, validate=validate.Range(1, 2**31))
    values = ByName(
        keys=SafeText(validate=validate.Length(1, MAX_WORD)), values=Sample(allow_none=True), load_default=None
    )
    event = _word_or_null()
    audience = _word_or_null()


class ChangeBody(Body):
    """What differs from the platform's rule ``id``; what is left out stays. ``reach`` null: only in the inbox."""

    id = _word()
    on = StrictBoolean()
    urgent = StrictBoolean()
    reach = SafeInteger(allow_none=True)
    template = SafeText(validate=validate.Length(1, MAX_WORD))


class OwnRuleBody(Body):
    """A rule of the community's own; ``when`` has lists of values by field."""

    id = _word()
    event = _word()
    audience = _word()
    template = _word()
    category = _word()
    when = ByName(
        keys=SafeText(validate=validate.Length(1, MAX_WORD)),
        values=fields.List(Sample(allow_none=True), validate=validate.Length(max=MOST_VALUES)),
        load_default=dict,
    )
    urgent = StrictBoolean(load_default=False)
    reach = SafeInteger(load_default=None, allow_none=True)
    group = StrictBoolean(load_default=False)
    before = fields.List(SafeInteger(), load_default=list, validate=validate.Length(max=MOST_LISTED))
    cancels = fields.List(_word(), load_default=list, validate=validate.Length(max=MOST_VALUES))


class RulesBody(Body):
    """All that differs from the platform's rules, in place of what differed before."""

    changed = fields.List(fields.Nested(ChangeBody), load_default=list, validate=validate.Length(max=MOST_CHANGED))
    own = fields.List(fields.Nested(OwnRuleBody), load_default=list, validate=validate.Length(max=MOST_OWN))


def _text() -> Any:
    return SafeText(required=True)


def _text_or_null() -> Any:
    return SafeText(required=True, allow_none=True)


def _whole() -> Any:
    return fields.Integer(required=True, strict=True)


def _flag() -> Any:
    return fields.Boolean(required=True)


def _names() -> Any:
    return fields.List(SafeText(), required=True)


_WORDS = shape("NoticeWords", title=_text(), body=_text(), sms=_text_or_null(), group=_text_or_null())
_SAVED = {"saved_by": _text_or_null(), "saved_at": UtcTime(required=True, allow_none=True)}
_VARIABLE = shape(
    "NoticeVariable", name=_text(), holds=_text(), meaning=fields.Nested(BOTH, required=True), required=_flag()
)
_HEAD: dict[str, Any] = {
    "id": _text(),
    "version": _whole(),
    "grade": _text(),
    "event": _text_or_null(),
    "audience": _text_or_null(),
    "packaged": _flag(),
    "variables": fields.List(fields.Nested(_VARIABLE), required=True),
    "rules": _names(),
    **_SAVED,
}


def _by_locale(kind: Any) -> Any:
    return fields.Dict(keys=SafeText(), values=kind, required=True)


TEMPLATES = shape(
    "NoticeTemplates",
    items=fields.List(
        fields.Nested(shape("NoticeTemplateLine", **_HEAD, titles=_by_locale(SafeText()))), required=True
    ),
)
TEMPLATE = shape(
    "NoticeTemplate",
    **_HEAD,
    texts=_by_locale(fields.Nested(_WORDS)),
    follows=_flag(),
    versions=fields.List(
        fields.Nested(
            shape(
                "NoticeTemplateVersion",
                version=_whole(),
                packaged=_flag(),
                follows=_flag(),
                **_SAVED,
                texts=_by_locale(fields.Nested(_WORDS)),
            )
        ),
        required=True,
    ),
)
PREVIEW = shape(
    "NoticePreview",
    problems=fields.List(
        fields.Nested(shape("NoticeProblem", field=_text(), code=_text(), detail=_text(), detail_en=_text())),
        required=True,
    ),
    previews=fields.List(
        fields.Nested(
            shape(
                "NoticeRead",
                locale=_text(),
                dir=_text(),
                grade=_text(),
                form=_text(),
                title=_text(),
                body=_text(),
                characters=_whole(),
                parts=_whole(),
                bytes=_whole(),
            )
        ),
        required=True,
    ),
)
_RULE = shape(
    "NoticeRule",
    id=_text(),
    event=_text(),
    when=fields.Dict(required=True),
    audience=_text(),
    grade=_text(),
    template=_text_or_null(),
    category=_text_or_null(),
    urgent=_flag(),
    reach=fields.Integer(required=True, allow_none=True, strict=True),
    group=_flag(),
    before=fields.List(fields.Integer(strict=True), required=True),
    cancels=_names(),
    packaged=_flag(),
    on=_flag(),
    changed=_names(),
)
RULES = shape("NoticeRules", version=_whole(), **_SAVED, rules=fields.List(fields.Nested(_RULE), required=True))
CHOICES = shape(
    "NoticeRuleChoices",
    events=fields.List(
        fields.Nested(
            shape(
                "NoticeEvent",
                event=_text(),
                fields=fields.List(
                    fields.Nested(
                        shape(
                            "NoticeField", name=_text(), values=fields.List(fields.Raw(allow_none=True), required=True)
                        )
                    ),
                    required=True,
                ),
                variables=_names(),
            )
        ),
        required=True,
    ),
    audiences=fields.List(fields.Nested(shape("NoticeAudience", audience=_text(), grade=_text())), required=True),
    categories=_names(),
)
