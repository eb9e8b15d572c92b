"""Puts together what keeps words and rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from chassis.migrations import Index
from chassis.mongo import Document
from services.notify.adapters import rule_versions, template_versions
from services.notify.adapters.coded_answers import CODED_ANSWERS_INDEXES, MongoCodedAnswers
from services.notify.adapters.packaged import read_words
from services.notify.adapters.rule_versions import MongoRuleVersions
from services.notify.adapters.rules import check_rules
from services.notify.adapters.samples import ContractSamples
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.template_versions import MongoTemplateVersions
from services.notify.adapters.word_checks import WordChecks
from services.notify.adapters.words import Words
from services.notify.application.ports import Clock
from services.notify.application.rule_book import RuleBook
from services.notify.application.templates import TemplateBook
from services.notify.domain.rule import Rule

_BY_COMMAND = {"unique": True, "partialFilterExpression": {"command_id": {"$exists": True}}}
_ONCE = {"unique": True, "partialFilterExpression": {"came_as": {"$exists": True}}}
INDEXES: tuple[Index, ...] = (
    *CODED_ANSWERS_INDEXES,
    Index(
        template_versions.COLLECTION,
        [("community_id", ASCENDING), ("template", ASCENDING), ("version", DESCENDING)],
    ),
    Index(template_versions.COLLECTION, [("template", ASCENDING), ("version", DESCENDING)]),
    Index(template_versions.COLLECTION, "command_id", **_BY_COMMAND),
    Index(rule_versions.COLLECTION, [("community_id", ASCENDING), ("version", DESCENDING)]),
    Index(rule_versions.COLLECTION, [("version", DESCENDING)]),
    *(Index(rows.COLLECTION, "came_as", **_ONCE) for rows in (template_versions, rule_versions)),
)


@dataclass(frozen=True)
class WordRooms:
    """``words`` renders, ``rules`` says who hears of what, ``templates`` is what secretaries do with words."""

    words: Words
    rules: RuleBook
    templates: TemplateBook


def wire_words(db: Database[Document], rules: Sequence[Rule], clock: Clock) -> WordRooms:
    """All of it on *db*; raises BrokenData where what came with the platform cannot be used."""
    packaged, codes = read_words(rules)
    check_rules(rules, packaged)
    tables = MongoCodedAnswers(db, codes)
    versions = MongoTemplateVersions(db, packaged, tables.number)
    words = Words(versions, tables)
    book = RuleBook(
        packaged=rules,
        versions=MongoRuleVersions(db, rules),
        templates=versions,
        samples=ContractSamples(),
        clock=clock,
    )
    checks = WordChecks(Sandbox(codes))
    templates = TemplateBook(versions=versions, rules=book, checks=checks, renderer=words, clock=clock)
    return WordRooms(words, book, templates)
