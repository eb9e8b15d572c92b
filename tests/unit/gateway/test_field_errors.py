"""Of what is wrong with a request the field is named as JSON has it, and Chinese says as much as English."""

from typing import Any

import pytest
from marshmallow import ValidationError

from gateway.api.contacts import ConfirmedBody
from gateway.api.field_errors import field_errors
from gateway.api.notice_words_schemas import RulesBody, TemplateBody
from gateway.api.preferences import PreferencesBody
from gateway.api.webhook_schemas import EndpointBody, RotateBody
from gateway.api.wechat import ConsentsBody

VAGUE = "内容不对"
WORDS = {"title": "题", "body": "话"}
RULE = {"id": "own-x", "event": "e", "audience": "a", "template": "t", "category": "order"}
TYPES = ["shiliu.ticket.*"]


@pytest.mark.parametrize(
    ("body", "said", "field", "zh"),
    [
        (TemplateBody, {"texts": {"en": {**WORDS, "title": 5}}}, "texts.en.title", "需要文字"),
        (TemplateBody, {"texts": {"en": {"title": "a"}}}, "texts.en.body", "缺少这一项"),
        (TemplateBody, {"texts": {"e" * 201: WORDS}}, "texts." + "e" * 201, "长度要在 1 到 200 之间"),
        (TemplateBody, {"texts": []}, "texts", "这里需要一个 JSON 对象"),
        (RulesBody, {"own": [{**RULE, "when": {"urgency": "x"}}]}, "own.0.when.urgency", "需要列表"),
        (ConsentsBody, {"templates": {"T": "1"}}, "templates.T", "需要整数"),
        (EndpointBody, {"url": "", "event_types": TYPES}, "url", "长度要在 1 到 2048 之间"),
        (EndpointBody, {"url": "https://a.example", "event_types": []}, "event_types", "长度要在 1 到 50 之间"),
        (RotateBody, {"overlap_hours": "NaN"}, "overlap_hours", "需要有限的数字"),
        (RotateBody, {"overlap_hours": 999}, "overlap_hours", "要在 0 到 168.0 之间"),
        (PreferencesBody, {"digest_at": "9:00"}, "digest_at", "需要像 18:00 的时间"),
        (ConfirmedBody, {"email": "a@b.cn", "code_id": "x", "code": "12345x"}, "code", "写法不对"),
    ],
)
def test_the_field_is_named_and_both_languages_say_why(
    body: type[Any], said: dict[str, Any], field: str, zh: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        body().load(said)
    (error,) = field_errors({"json": refused.value.messages})
    assert (error.field, error.where, error.sentence.zh) == (field, "body", zh)
    assert error.sentence.en
    assert VAGUE not in error.sentence.zh
