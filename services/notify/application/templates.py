"""The words of messages, kept by a community: read, tried out, saved as new versions, taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.actor import AUDITORS, Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.notice_words import (
    ListTemplates,
    PreviewTemplate,
    ReadTemplate,
    RestoreTemplate,
    SaveTemplate,
    TemplateWords,
)
from contracts.errors import Conflict, Invalid, KeyReused, NotFound, Refused
from contracts.moments import time_text
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.word_ports import Checks, Renderer, Rules, TemplateVersions
from services.notify.domain.grade import Grade
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
        self._clock = clock

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
        if not self._is_done(call.meta):
            now = self._now(community, command.template)
            _must_be_seen(command.seen, now.version)
            self._add(call.meta, replace(now, texts=_texts(command.texts), follows=False))
        return Outcome(self._document(community, command.template))

    def restore_template(self, call: Call[RestoreTemplate]) -> Outcome:
        """The words of an earlier version, or those of the platform, as a new version."""
        command, community = call.command, keeper(call.meta.actor).community_id
        if not self._is_done(call.meta):
            now = self._now(community, command.template)
            if command.version is None:
                base = self._versions.packaged(command.template)
                self._add(call.meta, replace(now, texts=base.texts, follows=True))
            else:
                wanted = self._version(community, command.template, command.version)
                self._add(call.meta, replace(now, texts=wanted.texts, follows=False))
        return Outcome(self._document(community, command.template))

    def preview_template(self, call: Call[PreviewTemplate]) -> Outcome:
        """How it would read, in each language and for each way."""
        command, community = call.command, keeper(call.meta.actor).community_id
        version = self._now(community, command.template)
        if command.version is not None:
            version = self._version(community, command.template, command.version)
        if command.texts is not None:
            version = replace(version, texts=_texts(command.texts))
        problems = list(self._checks.problems(version))
        values = samples(version.variables) | _given(command.values or {}, version.variables)
        previews = [] if problems else list(self._previews(version, values))
        return Outcome({"problems": [_problem(problem) for problem in problems], "previews": previews})

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

    def _add(self, meta: Meta, version: TemplateVersion) -> None:
        problem = next(iter(self._checks.problems(version)), None)
        if problem is not None:
            raise Invalid(problem.code, problem.sentence, problem.field)
        community, template = meta.actor.community_id, version.template
        newest = self._versions.versions(community, template)[0].version
        saved = replace(
            version,
            community_id=community,
            version=newest + 1,
            saved_by=meta.actor.account_id,
            saved_at=self._clock.now(),
            command_id=meta.command_id,
            body_hash=meta.body_hash,
        )
        if not self._versions.add(saved) and not self._is_done(meta):
            raise changed_meanwhile()

    def _is_done(self, meta: Meta) -> bool:
        """Was this very command done already? Raises KeyReused where its id came with another body."""
        made = self._versions.made_by(meta.command_id)
        if made is not None and made.body_hash != meta.body_hash:
            raise KeyReused(
                "key-reused",
                Text("这个 Idempotency-Key 已用于别的内容", "this Idempotency-Key came with another body before"),
            )
        return made is not None

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


def changed_meanwhile() -> Conflict:
    """Somebody else saved a version since this one was read."""
    return Conflict("changed-meanwhile", Text("别人刚改过,请重新打开", "somebody changed it meanwhile: read it again"))


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
            for name in version.variables
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
