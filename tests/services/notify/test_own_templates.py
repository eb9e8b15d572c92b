"""Words of a community's own for its own rules, in a real database: added, told by, changed, deleted when unused."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import Any

import pytest
from eventlet import GreenPool
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.notice_words import (
    AddTemplate,
    ListTemplates,
    OwnRule,
    PreviewTemplate,
    ReadRules,
    ReadTemplate,
    RemoveTemplate,
    RestoreTemplate,
    SaveRules,
    SaveTemplate,
    TemplateWords,
)
from contracts.errors import Conflict, DomainError, Invalid, NotFound
from contracts.events.tickets import TicketAccepted
from contracts.schemas.wire import read_event
from services.notify.adapters.following import MongoFollows, MongoSubscriptions
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.preferences import MongoPreferences
from services.notify.adapters.replicas import MongoReplicas
from services.notify.adapters.rule_versions import MongoRuleVersions
from services.notify.adapters.rules import read_rules
from services.notify.adapters.template_versions import MongoTemplateVersions
from services.notify.adapters.words_wiring import WordRooms, wire_words
from services.notify.application.crowding import Crowding
from services.notify.application.notify import NotifyApplication
from services.notify.domain.audience import Audience
from services.notify.domain.crowd import tells
from services.notify.domain.own_templates import MOST_OWN_TEMPLATES
from services.notify.domain.template import Form
from services.notify.domain.variables import given_by
from tests.builders import COMMUNITY, a_meta, an_actor, every_sample, received, some_terms
from tests.fakes.clock import FixedClock
from tests.fakes.resting import FakeResting

OWN, EVENT = "own-night-shift", "shiliu.ticket.accepted.v1"
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
ACCEPTED = received(TicketAccepted(terms=some_terms()))
keys = count()
Db = Database[dict[str, Any]]


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Db:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def rooms(db: Db) -> WordRooms:
    return wire_words(db, read_rules(), FixedClock())


def call(command: Any, key: str | None = None) -> Call[Any]:
    return Call(command, a_meta(SECRETARY, key or f"command-{next(keys)}", body_hash="b"))


def words(body: str = "{{ number }}", title: str = "夜里有单") -> dict[str, TemplateWords]:
    return {locale: TemplateWords(title=title, body=body) for locale in ("zh-CN", "en")}


def add(rooms: WordRooms, id: str = OWN, **changes: Any) -> Mapping[str, Any]:
    values: dict[str, Any] = {"event": EVENT, "audience": "dispatchers", "texts": words(), **changes}
    return rooms.templates.add_template(call(AddTemplate(template=id, **values))).result


def rule(template: str = OWN, **changes: Any) -> OwnRule:
    values: dict[str, Any] = {"event": EVENT, "audience": "dispatchers", "category": "duty", "when": {}, **changes}
    return OwnRule(id="own-rule", template=template, **values)


def save_rules(rooms: WordRooms, *own: OwnRule) -> None:
    seen = rooms.rules.read_rules(call(ReadRules())).result["version"]
    rooms.rules.save_rules(call(SaveRules(changed=(), own=own, seen=seen)))


def remove(rooms: WordRooms, template: str = OWN) -> None:
    rooms.templates.remove_template(call(RemoveTemplate(template=template)))


def listed(rooms: WordRooms) -> set[str]:
    return {item["id"] for item in rooms.templates.list_templates(call(ListTemplates())).result["items"]}


def refused(error: type[DomainError], act: Any, *values: Any, **named: Any) -> tuple[str, str | None]:
    with pytest.raises(error) as refusal:
        act(*values, **named)
    return refusal.value.code, getattr(refusal.value, "field", None)


def test_a_rule_tells_by_words_of_the_communitys_own(db: Db, rooms: WordRooms) -> None:
    added = add(rooms)
    assert (added["version"], added["grade"], added["packaged"]) == (1, "staff", False)
    offered = {one["name"] for one in added["variables"]}
    assert {"number", "item", "urgency"} <= offered
    assert offered.isdisjoint({"result", "status"})
    save_rules(rooms, rule())
    app = NotifyApplication(
        rules=rooms.rules,
        messages=MongoMessages(db),
        templates=rooms.words,
        resting=FakeResting(),
        clock=FixedClock(),
    )
    app.notify([ACCEPTED])
    (message,) = db["messages"].find({"rule": "own-rule"})
    assert (message["template"], message["version"]) == (OWN, 1)
    assert OWN in listed(rooms)
    assert rooms.templates.read_template(call(ReadTemplate(template=OWN))).result["rules"] == ["own-rule"]


def test_what_was_told_by_it_reads_as_it_did_when_it_is_gone(rooms: WordRooms) -> None:
    add(rooms)
    save_rules(rooms, rule())
    assert refused(Conflict, remove, rooms) == ("in-use", None)
    rooms.templates.save_template(call(SaveTemplate(template=OWN, texts=words(title="新的"))))
    save_rules(rooms)
    remove(rooms)
    assert OWN not in listed(rooms)
    said = [rooms.words.render(OWN, "zh-CN", {"number": "N"}, n, community_id=COMMUNITY).title for n in (1, 2)]
    assert said == ["夜里有单", "新的"]
    assert refused(NotFound, remove, rooms)[0] == "not-found"
    assert refused(Invalid, save_rules, rooms, rule())[0] == "unknown-template"
    again = add(rooms, texts=words(title="又来了"))
    assert again["version"] == 4
    assert rooms.words.render(OWN, "zh-CN", {"number": "N"}, 1, community_id=COMMUNITY).title == "夜里有单"


def between(monkeypatch: pytest.MonkeyPatch, versions: type, act: Callable[[], None]) -> None:
    """*act* is done by another instance after *versions* were read, and before the next one is stored."""
    store = versions.add  # type: ignore[attr-defined] # both have it

    def late(self: Any, *values: Any) -> Any:
        monkeypatch.setattr(versions, "add", store)
        act()
        return store(self, *values)

    monkeypatch.setattr(versions, "add", late)


def told_by(rooms: WordRooms) -> set[str | None]:
    return {one.template for one in rooms.rules.fresh(COMMUNITY).rules}


def test_a_rule_does_not_begin_to_tell_by_words_that_are_deleted_meanwhile(
    db: Db, rooms: WordRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(rooms)
    other = wire_words(db, read_rules(), FixedClock())
    between(monkeypatch, MongoRuleVersions, lambda: remove(other))
    assert refused(Conflict, save_rules, rooms, rule())[0] == "changed-meanwhile"
    assert (OWN in listed(rooms), OWN in told_by(rooms)) == (False, False)


def test_words_are_not_deleted_by_which_a_rule_begins_to_tell_meanwhile(
    db: Db, rooms: WordRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(rooms)
    other = wire_words(db, read_rules(), FixedClock())
    between(monkeypatch, MongoTemplateVersions, lambda: save_rules(other, rule()))
    assert refused(Conflict, remove, rooms)[0] == "changed-meanwhile"
    assert (OWN in listed(rooms), OWN in told_by(rooms)) == (True, True)
    assert refused(Conflict, remove, rooms)[0] == "in-use"


def test_whoever_deletes_and_whoever_uses_them_at_once_never_both_do(db: Db) -> None:
    instances = [wire_words(db, read_rules(), FixedClock()) for _ in range(4)]
    first = instances[0]

    def turn(act: Callable[[], None]) -> str:
        try:
            act()
        except DomainError as error:
            return error.code
        return "done"

    for number in range(3):
        words_of = f"own-race-{number}"
        add(first, words_of)
        removing = [partial(remove, one, words_of) for one in instances[:2]]
        using = [partial(save_rules, one, rule(words_of)) for one in instances[2:]]
        assert "done" in list(GreenPool().imap(turn, [*removing, *using]))
        assert words_of not in told_by(first) or words_of in listed(first)


def test_what_a_rule_tells_by_words_that_are_nowhere_is_told_in_plain_ones(db: Db, rooms: WordRooms) -> None:
    """Nothing is lost: whoever was to hear of it hears that there is something."""
    add(rooms)
    save_rules(rooms, rule(group=True))
    db["template_versions"].delete_many({"template": OWN})
    anew = wire_words(db, read_rules(), FixedClock())
    stored = MongoMessages(db)
    app = NotifyApplication(
        rules=anew.rules, messages=stored, templates=anew.words, resting=FakeResting(), clock=FixedClock()
    )
    app.notify([ACCEPTED])
    told = {row["channel"]: row for row in db["messages"].find({"rule": "own-rule"})}
    assert told.keys() == {"in_app", "group"}
    said = [
        anew.words.render(OWN, "zh-CN", row["params"], row["version"], community_id=COMMUNITY, form=form)
        for row, form in ((told["in_app"], Form.LETTER), (told["group"], Form.GROUP))
    ]
    assert [one.title for one in said] == ["有一个新消息"] * 2
    assert all("有新情况" in one.body for one in said)


def test_whoever_plans_by_rules_of_a_moment_ago_still_has_the_words(db: Db, rooms: WordRooms) -> None:
    """Two secretaries at once: one deletes it while the other's rule begins to tell by it."""
    add(rooms)
    remove(rooms)
    version = wire_words(db, read_rules(), FixedClock()).words.newest(COMMUNITY, OWN)
    assert rooms.words.render(OWN, "en", {"number": "N"}, version, community_id=COMMUNITY).title == "夜里有单"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": "night-shift"}, "unusable-id", "id"),
        ({"id": "order-received"}, "unusable-id", "id"),
        ({"event": "shiliu.ticket.vanished.v1"}, "unknown-event", "event"),
        ({"event": "shiliu.harm_report.received.v1"}, "not-changeable", "event"),
        ({"audience": "everyone"}, "unknown-audience", "audience"),
        ({"texts": words("{{ number }}{{ result | code }}")}, "unknown-variable", "texts.zh-CN.body"),
        ({"texts": words("{{ number }}{{ why | join }}")}, "unknown-variable", "texts.zh-CN.body"),
        ({"texts": words("no number")}, "variable-missing", "texts.zh-CN.body"),
        ({"audience": "public_subscribers", "event": "shiliu.ticket.answer_published.v1"}, "unknown-variable", None),
    ],
    ids=lambda part: str(part)[:40],
)
def test_what_is_wrong_is_named_by_its_field(
    rooms: WordRooms, changes: dict[str, Any], code: str, field: str | None
) -> None:
    found = refused(Invalid, add, rooms, **changes)
    assert found == (code, field or "texts.zh-CN.body")
    assert not any(name.startswith("own-") for name in listed(rooms))


def test_words_that_a_rule_tells_by_cannot_be_changed_into_what_it_does_not_give(rooms: WordRooms) -> None:
    closed = "shiliu.ticket.closed.v1"
    add(rooms, event="shiliu.ticket.completed.v1", texts=words("{{ number }}"))
    save_rules(rooms, rule(event=closed))
    more = words("{{ number }}{{ result | code }}")
    changed = SaveTemplate(template=OWN, texts=more)
    assert refused(Invalid, rooms.templates.save_template, call(changed)) == ("variable-not-given", "texts")
    save_rules(rooms)
    rooms.templates.save_template(call(changed))
    assert refused(Invalid, save_rules, rooms, rule(event=closed)) == ("variable-not-given", "own.0.template")


def test_whoever_may_know_less_is_not_told_by_it(rooms: WordRooms) -> None:
    add(rooms, audience="requester")
    assert refused(Invalid, save_rules, rooms, rule()) == ("says-too-much", "own.0.template")


def test_followers_are_told_nothing_but_how_it_stands() -> None:
    given = given_by("shiliu.ticket.completed.v1")
    assert tells(Audience.FOLLOWERS, given) == {"number", "item", "status"}
    assert tells(Audience.PUBLIC_SUBSCRIBERS, given) == {"item"}
    assert "status" not in tells(Audience.REQUESTER, given)


def test_it_is_added_once_and_is_no_more_than_so_many(rooms: WordRooms) -> None:
    command = AddTemplate(template=OWN, event=EVENT, audience="dispatchers", texts=words())
    first, second = (rooms.templates.add_template(call(command, "same")).result for _ in range(2))
    assert first == second
    assert refused(Conflict, add, rooms)[0] == "already-there"
    for number in range(MOST_OWN_TEMPLATES - 1):
        add(rooms, f"own-{number}")
    assert refused(Conflict, add, rooms, "own-one-more")[0] == "too-many"


def test_the_platforms_stay_and_an_own_one_goes_back_to_nothing_of_theirs(rooms: WordRooms) -> None:
    add(rooms)
    assert refused(Conflict, remove, rooms, "order-received")[0] == "packaged"
    assert refused(NotFound, rooms.templates.restore_template, call(RestoreTemplate(template=OWN)))[0] == "not-found"


def test_a_new_one_is_tried_out_before_it_is_there(rooms: WordRooms) -> None:
    asked = PreviewTemplate(template=OWN, texts=words("{{ number }}{{ names | join('、') }}"), event=EVENT)
    with pytest.raises(NotFound):
        rooms.templates.preview_template(call(asked))
    tried = PreviewTemplate(template=OWN, texts=asked.texts, event=EVENT, audience="dispatchers")
    found = rooms.templates.preview_template(call(tried)).result
    assert found["problems"] == []
    assert "SL-261121-0042" in found["previews"][0]["body"]
    assert OWN not in listed(rooms)


def test_an_own_rule_finds_whom_no_event_names(db: Db, rooms: WordRooms) -> None:
    """Who follows is looked up for the community's rules, not for the platform's alone."""
    event = "shiliu.ticket.held.v1"
    held = read_event(every_sample()[event].to_wire())
    crowding = Crowding(rooms.rules, MongoFollows(db), MongoSubscriptions(db), MongoReplicas(db), MongoPreferences(db))
    assert crowding.around([held]) == {}
    save_rules(rooms, rule("followed", event=event, audience="followers", category="order"))
    assert held.envelope.id in crowding.around([held])
