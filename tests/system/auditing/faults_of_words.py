"""Faults of words and rules: a message that nobody can say how it read, or by which rules it was told."""

from tests.system.auditing.faults import At, fault, message
from tests.system.auditing.world import Plant


@fault("a message in words that never were", words_unknown=["words-unknown"])
def words_that_never_were(plant: Plant) -> None:
    message(plant, "closed").set(plant, version=99)


@fault("a template of which a version is gone", words_unknown=["words-unknown"])
def version_gone(plant: Plant) -> None:
    told = message(plant, "please-help").doc(plant)
    rows = plant.world.of("notify").template_versions
    row = rows.find_one({"template": told["template"], "version": told["version"]})
    plant.remove("notify", "template_versions", row["_id"])


@fault("a message by rules that never were", rules_unknown=["rules-unknown"])
def rules_that_never_were(plant: Plant) -> None:
    message(plant, "closed").set(plant, rules_version=99)


@fault("a template whose coded answers nobody can name", coded_answers_unknown=["coded-answers-unknown"])
def coded_answers_that_never_were(plant: Plant) -> None:
    rows = plant.world.of("notify").template_versions
    At("notify", "template_versions", rows.find_one({"template": "closed"})["_id"]).set(plant, codes=99)
