"""Fields that refuse what a database, a queue or a person's screen cannot carry."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from contracts.moments import time_text as time_text
from contracts.typed import UNKEEPABLE, clean

MAX_TEXT = 4_000
"""Characters in one text at most."""

INT64 = 2**63

_NOT_LONGER = validate.Length(max=MAX_TEXT, error=f"最多 {MAX_TEXT} 个字 / at most {MAX_TEXT} characters")


class SafeText(fields.String):
    """Text by the one rule for what is typed (contracts.typed), of MAX_TEXT characters at most."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.insert(0, _NOT_LONGER)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is None:
            raise ValidationError("需要文字 / text is needed")
        if UNKEEPABLE.search(text):
            raise ValidationError("文字里有不能保存的字符 / the text holds characters that cannot be stored")
        cleaned = clean(text)
        if cleaned is not text:
            self._check_as_sent(text)
        return cleaned

    def _check_as_sent(self, text: str) -> None:
        """What is taken out counts as sent: a bound that the description names holds for what comes."""
        for rule in self.validators:
            if isinstance(rule, validate.Length) and rule.max is not None and len(text) > rule.max:
                raise ValidationError(f"Longer than maximum length {rule.max}.")


class SafeInteger(fields.Integer):
    """A whole number that fits 64 bits; no true, no 1.5, no \"1\"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        if not -INT64 <= value < INT64:
            raise ValidationError("数字太大 / the number is too large")
        return value


class SafeFloat(fields.Float):
    """A finite number, not a text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
            raise self.make_error("invalid")
        return float(super()._deserialize(value, attr, data, **kwargs))


class StrictBoolean(fields.Boolean):
    """true or false; not 1, not "yes"."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class ByName(fields.Dict):
    """An object whose members somebody names; what is wrong with one is said under its name, as JSON has it."""

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        try:
            return super().deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            # Name and value are told apart by marshmallow alone; whoever wrote a bad name is told of that first.
            said = {name: wrong.get("key") or wrong["value"] for name, wrong in error.messages.items()}
            raise ValidationError(said, valid_data=error.valid_data) from None


class UtcTime(fields.AwareDateTime):
    """A moment with its zone, kept as UTC to the millisecond: ``2026-11-21T08:05:00.000Z``."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else time_text(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            return to_milliseconds(moment.astimezone(UTC))
        except OverflowError:
            # Near the ends of all time another zone's hour has no UTC to stand in.
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


def to_milliseconds(moment: datetime) -> datetime:
    """Cut below the millisecond, which is what BSON keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
