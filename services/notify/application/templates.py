"""The words of messages, kept by a community: read, tried out, saved as new versions, taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.actor import AUDITORS, Actor
from contracts.commands import Call, Outcome
from contracts.commands.notice_words import (
    AddTemplate,
    ListTemplates,
    PreviewTemplate,
    ReadTemplate,
    RemoveTemplate,
    RestoreTemplate,
    SaveTemplate,
    TemplateWords,
)
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.moments import time_text
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.template_saving import TemplateSaving, changed_meanwhile
from services.notify.application.word_ports import Checks, Renderer, Rules, TemplateVersions
from services.notify.domain.audience import Audience
from services.notify.domain.grade import Grade, grade_of
from services.notify.domain.own_templates import MOST_OWN_TEMPLATES, may_say, to_check, use_problems
from services.notify.domain.sizes import robot_bytes, sms_characters, sms_parts
from services.notify.domain.template import PACKAGED, Form, Problem, TemplateVersion, Wording
from services.notify.domain.variables import VARIABLES, samples


class TemplateBook:
    """What secretaries do with the words of their community."""

    def __init__(
        self, *, versions: TemplateVersions, rules: Rules, checks: Checks, renderer: Renderer, clock: Clock
    ) -> None:
        self._versions = versions
        self._rules = rules
        self._checks = checks
        self._renderer = renderer
        self._saving = TemplateSaving(versions, rules, checks, clock)

    def list_templates(self, call: Call[ListTemplates]) -> Outcome:
        """Every template as it holds now, by name."""
        community = keeper(call.meta.actor).community_id
        heads = self._versions.heads(community)
        used = self._rules_by_template(community)
        items = [
            {
                **_shown(head),
                "id": name,
                "rules": used.get(name, []),
                "titles": {locale: wording.title for locale, wording in head.texts.items()},
            }
            for name, head in sorted(heads.items())
        ]
        return Outcome({"items": items})

    def read_template(self, call: Call[ReadTemplate]) -> Outcome:
        """One with its versions."""
        return Outcome(self._document(keeper(call.meta.actor).community_id, call.command.template))

    def save_template(self, call: Call[SaveTemplate]) -> Outcome:
        """The next version, for what is planned from now on."""
        command, community = call.command, keeper(call.meta.actor).community_id
        if not self._saving.is_done(call.meta):
            now = self._now(community, command.template)
            _must_be_seen(command.seen, now.version)
            self._saving.add(call.meta, replace(now, texts=_texts(command.texts), follows=False))
        return Outcome(self._document(community, command.template))

    def restore_template(self, call: Call[RestoreTemplate]) -> Outcome:
        """The words of an earlier version, or those of the platform, as a new version."""
        command, community = call.command, keeper(call.meta.actor).community_id
        if not self._saving.is_done(call.meta):
            now = self._now(community, command.template)
            if command.version is None and now.event is not None:
                raise _not_there("version")
            if command.version is None:
                base = self._versions.packaged(command.template)
                self._saving.add(call.meta, replace(now, texts=base.texts, follows=True))
            else:
                wanted = self._version(community, command.template, command.version)
                self._saving.add(call.meta, replace(now, texts=wanted.texts, follows=False))
        return Outcome(self._document(community, command.template))

    def add_template(self, call: Call[AddTemplate]) -> Outcome:
        """One of the community's own. Raises Invalid, Conflict."""
        command, community = call.command, keeper(call.meta.actor).community_id
        if not self._saving.is_done(call.meta):
            added = own_template(community, command.template, command.event, command.audience, _texts(command.texts))
            heads = self._versions.heads(community)
            if command.template in heads:
                raise Conflict("already-there", Text("已经有这个模板", "there is such a template already"))
            if sum(one.event is not None for one in heads.values()) >= MOST_OWN_TEMPLATES:
                said = Text(f"至多 {MOST_OWN_TEMPLATES} 个", f"at most {MOST_OWN_TEMPLATES} templates of your own")
                raise Conflict("too-many", said)
            self._saving.add(call.meta, added)
        return Outcome(self._document(community, command.template))

    def remove_template(self, call: Call[RemoveTemplate]) -> Outcome:
        """One of the community's own that no rule uses. Raises NotFound, Conflict."""
        template, community = call.command.template, keeper(call.meta.actor).community_id
        if not self._saving.is_done(call.meta):
            saves = self._saving.newest(call.meta)
            now = self._now(community, template)
            if now.event is None:
                said = Text("平台的模板不能删除,可以退回", "the platform's stay: take your words back instead")
                raise Conflict("packaged", said)
            used = [rule.id for rule in self._rules.fresh(community).rules if rule.template == template]
            if used:
                names = ", ".join(used)
                raise Conflict("in-use", Text(f"还有规则在用:{names}", f"rules tell by it: {names}"))
            self._saving.store(call.meta, replace(now, deleted=True), saves)
        return Outcome({})

    def preview_template(self, call: Call[PreviewTemplate]) -> Outcome:
        """How it would read, in each language and for each way."""
        command, community = call.command, keeper(call.meta.actor).community_id
        version = self._to_preview(community, command)
        problems = list(self._checks.problems(version))
        values = samples(version.variables) | _given(command.values or {}, version.variables)
        previews = [] if problems else list(self._previews(version, values))
        return Outcome({"problems": [_problem(problem) for problem in problems], "previews": previews})

    def _to_preview(self, community: str, command: PreviewTemplate) -> TemplateVersion:
        texts = None if command.texts is None else _texts(command.texts)
        if command.event is not None and command.audience is not None:
            version = own_template(community, command.template, command.event, command.audience, texts or {})
        elif command.version is not None:
            version = self._version(community, command.template, command.version)
        else:
            version = self._now(community, command.template)
        return to_check(version if texts is None else replace(version, texts=texts, codes=None))

    def _previews(self, version: TemplateVersion, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for locale, wording in version.texts.items():
            for form in Form:
                if form is Form.GROUP and wording.group is None:
                    continue
                read = self._renderer.render_version(version, locale, values, form)
                yield {
                    "locale": locale,
                    "dir": read.dir,
                    "grade": (Grade.GROUP if form is Form.GROUP else version.grade).value,
                    "form": form.value,
                    "title": read.title,
                    "body": read.body,
                    "characters": sms_characters(read.body),
                    "parts": sms_parts(read.body),
                    "bytes": robot_bytes(read.body),
                }

    def _now(self, community: str, template: str) -> TemplateVersion:
        head = self._versions.head(community, template)
        if head is None:
            raise _not_there("template")
        return head

    def _version(self, community: str, template: str, version: int) -> TemplateVersion:
        found = self._versions.find(community, template, version)
        if found is None:
            raise _not_there("version")
        return found

    def _document(self, community: str, template: str) -> dict[str, Any]:
        now = self._now(community, template)
        versions = self._versions.versions(community, template)
        own = next((one for one in versions if one.community_id == community), None)
        return {
            **_shown(now),
            "id": template,
            "texts": _written(now),
            "rules": self._rules_by_template(community).get(template, []),
            "follows": own is None or own.follows,
            "versions": [_of_version(one) for one in versions],
        }

    def _rules_by_template(self, community: str) -> Mapping[str, list[str]]:
        used: dict[str, list[str]] = {}
        for rule in self._rules.of(community).rules:
            if rule.template is not None:
                used.setdefault(rule.template, []).append(rule.id)
        return used


def keeper(actor: Actor) -> Actor:
    """Words and rules are the whole community's: whoever keeps them does so for all of it. Raises Refused."""
    if not any(grant.role in AUDITORS and grant.area_id is None for grant in actor.grants):
        sentence = Text(
            "通知的文字和规则由全社区的书记管理",
            "words and rules of notices are kept by secretaries of the whole community",
        )
        raise Refused("not-permitted", sentence)
    return actor


def own_template(
    community: str, template: str, event: str, audience: str, texts: Mapping[str, Wording]
) -> TemplateVersion:
    """A new one; raises Invalid naming what it cannot be for."""
    for problem in use_problems(template, event, audience):
        raise Invalid(problem.code, problem.sentence, problem.field)
    return TemplateVersion(
        community_id=community,
        template=template,
        version=0,
        grade=grade_of(Audience(audience)),
        variables=(),
        required=(),
        texts=texts,
        event=event,
        audience=audience,
    )


def _must_be_seen(seen: int | None, now: int) -> None:
    if seen is not None and seen != now:
        raise changed_meanwhile()


def _not_there(field: str) -> NotFound:
    return NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"), field)


def _texts(given: Mapping[str, TemplateWords]) -> Mapping[str, Wording]:
    return {
        locale: Wording(title=words.title, body=words.body, sms=words.sms, group=words.group)
        for locale, words in given.items()
    }


def _given(values: Mapping[str, Any], variables: Sequence[str]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(variables))
    if unknown:
        said = Text(f"模板没有变量 {unknown[0]}", f"the template has no variable {unknown[0]}")
        raise Invalid("unknown-variable", said, f"values.{unknown[0]}")
    return dict(values)


def _shown(version: TemplateVersion) -> dict[str, Any]:
    return {
        "event": version.event,
        "audience": version.audience,
        "version": version.version,
        "grade": version.grade.value,
        "packaged": version.community_id == PACKAGED,
        "saved_by": version.saved_by,
        "saved_at": None if version.saved_at is None else time_text(version.saved_at),
        "variables": [
            {
                "name": name,
                "holds": VARIABLES[name].holds.value,
                "meaning": {"zh": VARIABLES[name].meaning.zh, "en": VARIABLES[name].meaning.en},
                "required": name in version.required,
            }
            for name in may_say(version)
            if name in VARIABLES
        ],
    }


def _of_version(version: TemplateVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "packaged": version.community_id == PACKAGED,
        "follows": version.follows,
        "saved_by": version.saved_by,
        "saved_at": None if version.saved_at is None else time_text(version.saved_at),
        "texts": _written(version),
    }


def _written(version: TemplateVersion) -> dict[str, Any]:
    return {
        locale: {"title": words.title, "body": words.body, "sms": words.sms, "group": words.group}
        for locale, words in version.texts.items()
    }


def _problem(problem: Problem) -> dict[str, str]:
    sentence = problem.sentence
    return {"field": problem.field, "code": problem.code, "detail": sentence.zh, "detail_en": sentence.en}
