"""RPC entrypoints of notify about words and rules."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.notice_words import (
    AddTemplate,
    ListTemplates,
    PreviewTemplate,
    ReadRuleChoices,
    ReadRules,
    ReadTemplate,
    RemoveTemplate,
    RestoreTemplate,
    SaveRules,
    SaveTemplate,
)


class WordsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(ListTemplates)
    def list_templates(self, call: Call[ListTemplates]) -> Outcome:
        """The words as they hold now."""
        outcome: Outcome = self.app.words.templates.list_templates(call)
        return outcome

    @command(ReadTemplate)
    def read_template(self, call: Call[ReadTemplate]) -> Outcome:
        """One template with its versions."""
        outcome: Outcome = self.app.words.templates.read_template(call)
        return outcome

    @command(SaveTemplate)
    def save_template(self, call: Call[SaveTemplate]) -> Outcome:
        """A new version."""
        outcome: Outcome = self.app.words.templates.save_template(call)
        return outcome

    @command(RestoreTemplate)
    def restore_template(self, call: Call[RestoreTemplate]) -> Outcome:
        """An earlier one holds again."""
        outcome: Outcome = self.app.words.templates.restore_template(call)
        return outcome

    @command(AddTemplate)
    def add_template(self, call: Call[AddTemplate]) -> Outcome:
        """One of the community's own."""
        outcome: Outcome = self.app.words.templates.add_template(call)
        return outcome

    @command(RemoveTemplate)
    def remove_template(self, call: Call[RemoveTemplate]) -> Outcome:
        """One that no rule uses is no more."""
        outcome: Outcome = self.app.words.templates.remove_template(call)
        return outcome

    @command(PreviewTemplate)
    def preview_template(self, call: Call[PreviewTemplate]) -> Outcome:
        """How it would read."""
        outcome: Outcome = self.app.words.templates.preview_template(call)
        return outcome

    @command(ReadRules)
    def read_rules(self, call: Call[ReadRules]) -> Outcome:
        """The rules as they hold now."""
        outcome: Outcome = self.app.words.rules.read_rules(call)
        return outcome

    @command(SaveRules)
    def save_rules(self, call: Call[SaveRules]) -> Outcome:
        """What the community changes in them."""
        outcome: Outcome = self.app.words.rules.save_rules(call)
        return outcome

    @command(ReadRuleChoices)
    def read_rule_choices(self, call: Call[ReadRuleChoices]) -> Outcome:
        """What a rule may be made of."""
        outcome: Outcome = self.app.words.rules.read_choices(call)
        return outcome
