"""The words of notices and the rules by which people hear, kept by the secretaries of a community."""

from typing import Any

from contracts.commands.notice_words import (
    AddTemplate,
    ListTemplates,
    OwnRule,
    PreviewTemplate,
    ReadRuleChoices,
    ReadRules,
    ReadTemplate,
    RemoveTemplate,
    RestoreTemplate,
    SaveRules,
    SaveTemplate,
    TemplateWords,
)
from gateway.api import notice_words_schemas as schemas
from gateway.api.answers import answer
from gateway.api.bodies import resource
from gateway.api.commanding import ask, patch, perform
from gateway.api.gate import requires
from gateway.api.revisions import IF_MATCH, etag, guarded, if_match_number
from gateway.api.schemas import DONE
from gateway.identity.permissions import Permission

blueprint = resource("notice_words", "通知的文字和规则 / words and rules of notices")


@blueprint.route("/notice-templates", methods=["GET"])
@requires(Permission.KEEP_NOTICES)
@blueprint.response(200, schemas.TEMPLATES)
def list_templates() -> Any:
    """Every template as it holds now in your community: who reads it, what it may say, which rules use it."""
    return answer(ask(ListTemplates()).result)


@blueprint.route("/notice-templates", methods=["POST"])
@requires(Permission.KEEP_NOTICES)
@blueprint.arguments(schemas.NewTemplateBody)
@blueprint.response(201, schemas.TEMPLATE)
def add_template(body: dict[str, Any]) -> Any:
    """A template of your community's own for its own rules: what one event tells one audience."""
    command = AddTemplate(
        template=body["id"], event=body["event"], audience=body["audience"], texts=_texts(body["texts"])
    )
    return _template(perform(command), 201)


@blueprint.route("/notice-templates/<template>", methods=["DELETE"])
@requires(Permission.KEEP_NOTICES)
@blueprint.response(200, DONE)
def remove_template(template: str) -> Any:
    """One of your own that no rule uses; what was told by it reads as it did."""
    patch(RemoveTemplate(template=template))
    return answer({"done": True})


@blueprint.route("/notice-templates/<template>", methods=["GET"])
@requires(Permission.KEEP_NOTICES)
@blueprint.response(200, schemas.TEMPLATE)
def read_template(template: str) -> Any:
    """One with its versions, newest first; the ETag is wanted when you change it."""
    return _template(ask(ReadTemplate(template=template)))


@blueprint.route("/notice-templates/<template>", methods=["PUT"])
@requires(Permission.KEEP_NOTICES)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(schemas.TemplateBody)
@blueprint.response(200, schemas.TEMPLATE)
def change_template(body: dict[str, Any], template: str) -> Any:
    """New words, in place of the version you saw: what is planned from now on reads so, what was told stays."""
    seen = if_match_number()
    return _template(guarded(lambda: patch(SaveTemplate(template=template, texts=_texts(body["texts"]), seen=seen))))


@blueprint.route("/notice-templates/<template>/versions", methods=["POST"])
@requires(Permission.KEEP_NOTICES)
@blueprint.arguments(schemas.TemplateBody)
@blueprint.response(201, schemas.TEMPLATE)
def add_version(body: dict[str, Any], template: str) -> Any:
    """The same, whichever version holds now."""
    return _template(perform(SaveTemplate(template=template, texts=_texts(body["texts"]))), 201)


@blueprint.route("/notice-templates/<template>/restore", methods=["POST"])
@requires(Permission.KEEP_NOTICES)
@blueprint.arguments(schemas.RestoreBody)
@blueprint.response(200, schemas.TEMPLATE)
def restore(body: dict[str, Any], template: str) -> Any:
    """An earlier version holds again, as a new one; or the words of the platform, now and after its updates."""
    return _template(perform(RestoreTemplate(template=template, version=body["version"])))


@blueprint.route("/notice-templates/<template>/preview", methods=["POST"])
@requires(Permission.KEEP_NOTICES)
@blueprint.arguments(schemas.PreviewBody)
@blueprint.response(200, schemas.PREVIEW)
def preview(body: dict[str, Any], template: str) -> Any:
    """How it would read in each language and for each way, with all that is wrong; nothing is stored or sent."""
    texts = None if body["texts"] is None else _texts(body["texts"])
    command = PreviewTemplate(
        template=template,
        texts=texts,
        version=body["version"],
        values=body["values"],
        event=body["event"],
        audience=body["audience"],
    )
    return answer(perform(command).result)


@blueprint.route("/notice-rules", methods=["GET"])
@requires(Permission.KEEP_NOTICES)
@blueprint.response(200, schemas.RULES)
def read_rules() -> Any:
    """The rules as they hold now in your community, those that are switched off among them."""
    return _rules(ask(ReadRules()))


@blueprint.route("/notice-rules", methods=["PUT"])
@requires(Permission.KEEP_NOTICES)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(schemas.RulesBody)
@blueprint.response(200, schemas.RULES)
def change_rules(body: dict[str, Any]) -> Any:
    """All that your community changes in the platform's rules, and its own, in place of what it had.

    A platform's rule can be switched off, or have another ``urgent``, ``reach`` or ``template``; alarms and news of
    access and data stay on.
    """
    own = tuple(
        OwnRule(**{**given, "before": tuple(given["before"]), "cancels": tuple(given["cancels"])})
        for given in body["own"]
    )
    command = SaveRules(changed=tuple(body["changed"]), own=own, seen=if_match_number())
    return _rules(guarded(lambda: patch(command)))


@blueprint.route("/notice-rules/choices", methods=["GET"])
@requires(Permission.KEEP_NOTICES)
@blueprint.response(200, schemas.CHOICES)
def read_choices() -> Any:
    """What a rule may be made of: events with their fields and variables, audiences, categories."""
    return answer(ask(ReadRuleChoices()).result)


def _template(outcome: Any, status: int = 200) -> Any:
    return answer(outcome.result, status, headers=etag(outcome.result["version"]))


def _rules(outcome: Any) -> Any:
    return answer(outcome.result, headers=etag(outcome.result["version"]))


def _texts(given: dict[str, Any]) -> dict[str, TemplateWords]:
    return {locale: TemplateWords(**words) for locale, words in given.items()}
