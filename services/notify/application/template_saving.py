"""Stores versions of templates: what is wrong is named, a command that comes twice is done once."""

from dataclasses import replace

from contracts.commands import Meta
from contracts.errors import Conflict, Invalid, KeyReused
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.word_ports import Checks, Rules, TemplateVersions
from services.notify.domain.own_templates import to_check
from services.notify.domain.rule_checks import rule_problems
from services.notify.domain.template import MOST_VERSIONS, NEWEST_KEPT, Problem, TemplateVersion

_TOO_MANY = Conflict(
    "too-many-versions",
    Text(
        f"这个模板已经存了 {MOST_VERSIONS} 版。没有通知再用的旧版会自动删去(留最新 {NEWEST_KEPT} 版),请过些天再存",
        f"{MOST_VERSIONS} versions of it are stored. Older ones (beyond {NEWEST_KEPT}) go by themselves once no "
        "message is read by them: please save it in some days",
    ),
)


class TemplateSaving:
    """What saving, restoring, adding and removing have in common."""

    def __init__(self, versions: TemplateVersions, rules: Rules, checks: Checks, clock: Clock) -> None:
        self._versions = versions
        self._rules = rules
        self._checks = checks
        self._clock = clock

    def add(self, meta: Meta, version: TemplateVersion) -> None:
        """The next version for the actor's community. Raises Invalid, Conflict."""
        saves = self.newest(meta) if version.event is not None else None
        problem = next(iter(self._checks.problems(to_check(version))), None)
        if problem is None and version.event is not None:
            version = self._as_said(version)
            problem = self._problem_of_rules(meta.actor.community_id, version)
        if problem is not None:
            raise Invalid(problem.code, problem.sentence, problem.field)
        self.store(meta, version, saves)

    def newest(self, meta: Meta) -> int:
        """The newest save in the actor's community: what is read after this is held against no later one."""
        return self._versions.saves(meta.actor.community_id)

    def store(self, meta: Meta, version: TemplateVersion, saves: int | None) -> None:
        """The same of words that were held against everything before, after so many *saves* (None: against no rule).

        Raises Conflict where too many versions are stored.
        """
        community, template = meta.actor.community_id, version.template
        if not version.deleted and self._versions.count(community, template) >= MOST_VERSIONS:
            raise _TOO_MANY
        newest = max((one.version for one in self._versions.versions(community, template)), default=0)
        saved = replace(
            version,
            community_id=community,
            version=newest + 1,
            saved_by=meta.actor.account_id,
            saved_at=self._clock.now(),
            command_id=meta.command_id,
            body_hash=meta.body_hash,
        )
        if not self._versions.add(saved, saves) and not self.is_done(meta):
            raise changed_meanwhile()

    def is_done(self, meta: Meta) -> bool:
        """Was this very command done already? Raises KeyReused where its id came with another body."""
        made = self._versions.made_by(meta.command_id)
        if made is not None and made.body_hash != meta.body_hash:
            raise KeyReused(
                "key-reused",
                Text("这个 Idempotency-Key 已用于别的内容", "this Idempotency-Key came with another body before"),
            )
        return made is not None

    def _as_said(self, version: TemplateVersion) -> TemplateVersion:
        """An own template wants of its rules what its words say, and no more."""
        whole = to_check(version)
        used = self._checks.used(whole)
        return replace(whole, variables=tuple(name for name in whole.variables if name in used))

    def _problem_of_rules(self, community: str, version: TemplateVersion) -> Problem | None:
        """A rule that tells by it, and whose event or audience the new words would not suit."""
        for rule in self._rules.fresh(community).rules:
            if rule.template == version.template:
                for problem in rule_problems(rule, {version.template: version}, rule.id):
                    zh, en = problem.sentence.zh, problem.sentence.en
                    said = Text(f"规则 {rule.id} 用着它:{zh}", f"rule {rule.id} tells by it: {en}")
                    return Problem("texts", problem.code, said)
        return None


def changed_meanwhile() -> Conflict:
    """Somebody else saved a version since this one was read."""
    return Conflict("changed-meanwhile", Text("别人刚改过,请重新打开", "somebody changed it meanwhile: read it again"))
