"""Everything that can be wrong with the words of a template, each named with its field: ``texts.ug.body``."""

import re
from collections.abc import Iterator, Mapping

from contracts.typed import clean
from contracts.words import Text
from services.notify.adapters.sandbox import Sandbox, TooLong, rendered
from services.notify.domain.grade import Grade
from services.notify.domain.locales import NEEDED, canonical
from services.notify.domain.sizes import ROBOT_BYTES, SMS_PART, robot_bytes, sms_characters
from services.notify.domain.template import Problem, TemplateVersion, Wording
from services.notify.domain.variables import VARIABLES, Holds, allowed_in, samples

MOST_LOCALES = 12
LONGEST: Mapping[str, int] = {"title": 200, "body": 1_000, "sms": 600, "group": 1_000}
"""Characters as they are written, with what Jinja needs."""
LONGEST_TITLE = 60
"""Of a title as it is read. Robots cut longer ones."""
MOST_SMS = 4
_ISOLATES = re.compile("[\u200e\u200f\u2066-\u2069]")
"""Marks and isolates that an editor writes from right to left with; overrides and embeddings are none of these."""
_SOMEBODYS = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile phone's number, an identity card's: nothing that every reader of a template should have."""


class WordChecks:
    """Holds words against their grade, their variables and the bounds of the ways that they go."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def problems(self, version: TemplateVersion) -> Iterator[Problem]:
        """Everything that is wrong, in the order of the fields; none: it can be saved and sent."""
        for name in sorted(set(version.variables) - allowed_in(version.grade)):
            words = (f"这一级的内容不能有变量 {name}", f"words of this grade may not say {name}")
            yield Problem("variables", "says-too-much", Text(*words))
        for locale in NEEDED:
            if locale not in version.texts:
                yield Problem(f"texts.{locale}", "locale-missing", Text(f"缺少 {locale}", f"{locale} is missing"))
        if len(version.texts) > MOST_LOCALES:
            yield Problem("texts", "too-long", Text(f"至多 {MOST_LOCALES} 种语言", f"at most {MOST_LOCALES} languages"))
        for locale, wording in version.texts.items():
            if canonical(locale) != locale:
                said = Text(f"语言要写成 ug 或 zh-CN 这样:{locale}", f"not written as a language tag: {locale}")
                yield Problem(f"texts.{locale}", "unknown-locale", said)
                continue
            yield from self._wording(version, locale, wording)

    def used(self, version: TemplateVersion) -> frozenset[str]:
        """See ``Checks``."""
        sources = (source for wording in version.texts.values() for source in wording.parts().values())
        return frozenset().union(*map(self._sandbox.used, sources))

    def _wording(self, version: TemplateVersion, locale: str, wording: Wording) -> Iterator[Problem]:
        found = False
        for part, source in wording.parts().items():
            for problem in self._part(version, wording, part, source, f"texts.{locale}.{part}"):
                found = True
                yield problem
        if found:
            return
        for name in version.required:
            if name not in self._sandbox.used(wording.body):
                said = Text(f"正文里要有变量 {name}", f"the body has to say {name}")
                yield Problem(f"texts.{locale}.body", "variable-missing", said)
        yield from self._sizes(version, locale, wording)

    def _part(
        self, version: TemplateVersion, wording: Wording, part: str, source: str, field: str
    ) -> Iterator[Problem]:
        if not source.strip():
            yield Problem(field, "empty", Text("这里要有文字", "this needs words"))
        if len(source) > LONGEST[part]:
            most = LONGEST[part]
            yield Problem(field, "too-long", Text(f"至多 {most} 个字符", f"at most {most} characters"))
            return
        if unseen(source):
            said = Text(
                "有看不见的控制字符或改变文字方向的字符", "there are control characters, or such as turn the text"
            )
            yield Problem(field, "control-characters", said)
        if _SOMEBODYS.search(source):
            said = Text("不要写手机号、身份证号", "no mobile phone's or identity card's number")
            yield Problem(field, "private-content", said)
        masked = part == "group" or (part == "title" and wording.group is not None)
        for mistake in self._sandbox.mistakes(source, _kinds(version, masked)):
            at = Text(f"第 {mistake.line} 行:{mistake.sentence.zh}", f"line {mistake.line}: {mistake.sentence.en}")
            yield Problem(field, mistake.code, at)

    def _sizes(self, version: TemplateVersion, locale: str, wording: Wording) -> Iterator[Problem]:
        most = {"title": LONGEST_TITLE, "sms": MOST_SMS * SMS_PART, "group": ROBOT_BYTES}
        for part, source in wording.parts().items():
            field = f"texts.{locale}.{part}"
            try:
                text = self.shown(version, locale, source)
            except TooLong:
                yield Problem(field, "too-long", Text("填上内容后太长", "with its values this is too long"))
                continue
            length = robot_bytes(text) if part == "group" else sms_characters(text)
            if length > most.get(part, length):
                unit = ("字节", "bytes") if part == "group" else ("字", "characters")
                said = Text(
                    f"填上内容后有 {length} {unit[0]},至多 {most[part]}",
                    f"with its values it has {length} {unit[1]}, at most {most[part]}",
                )
                yield Problem(field, "too-long", said)

    def shown(self, version: TemplateVersion, locale: str, source: str) -> str:
        """*source* with invented values; raises TooLong."""
        values = self._sandbox.values(version.variables, samples(version.variables), locale)
        return rendered(self._sandbox.compiled(source, locale), values)


def unseen(source: str) -> bool:
    """Is there a character that nobody sees, or that turns the direction of what follows?"""
    return clean(_ISOLATES.sub("", source)) != _ISOLATES.sub("", source)


def _kinds(version: TemplateVersion, masked: bool) -> Mapping[str, Holds]:
    names = allowed_in(Grade.GROUP if masked else version.grade)
    return {name: VARIABLES[name].holds for name in version.variables if name in names}
