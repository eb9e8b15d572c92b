"""The consent ledger: what a person agreed to, by which text, how, before whom; and that they took it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.people import GiveConsent, ReadConsents, WithdrawConsent
from contracts.errors import Conflict, Invalid, KeyReused, NotFound, Refused
from contracts.moments import time_text
from contracts.words import Given, Purpose, Text
from services.tickets.application.answer_consents import AnswerConsents
from services.tickets.application.codes import account, code
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.names import LONGEST
from services.tickets.application.people_ports import Consent, Consents, Withdrawal
from services.tickets.application.ports import Clock
from services.tickets.domain import people_relations as relations
from services.tickets.domain.person import Person

_LONGEST_ID = 80


class Consenting:
    """Give, withdraw, read."""

    def __init__(self, known: KnownPeople, consents: Consents, clock: Clock, answers: AnswerConsents) -> None:
        self._known = known
        self._consents = consents
        self._clock = clock
        self._answers = answers

    def give(self, call: Call[GiveConsent]) -> Outcome:
        """A new line; the same command again answers with the line that is there."""
        command, actor = call.command, call.meta.actor
        person = self._known.must_find(command.person_id, actor)
        by_guardian = command.guardian is not None or command.guardian_account is not None
        yes = _yes(person, actor, command.how, command.guardian_account)
        _check(person, command, by_guardian)
        consent = Consent(
            id=call.meta.created_id,
            community_id=person.community_id,
            person_id=person.id,
            purpose=command.purpose,
            text_version=code(command.text_version, "text_version"),
            how=yes.how,
            given_at=self._clock.now(),
            witnessed_by=yes.witness,
            guardian=_guardian(command.guardian),
            guardian_account=_account(command.guardian_account),
            about=_about(command.about),
        )
        self._consents.add(consent)
        kept = self._consents.get(consent.id)
        if kept is None or _said(kept) != _said(consent):
            raise KeyReused("key-reused", Text(zh="这个请求编号已用过", en="this idempotency key was used before"))
        return Outcome(shown(kept))

    def withdraw(self, call: Call[WithdrawConsent]) -> Outcome:
        """Another line; what was withdrawn stays so as it was the first time. A public answer is gone with it."""
        command, actor = call.command, call.meta.actor
        consent = self._consents.get(command.consent_id)
        if consent is None:
            raise _no_such_consent()
        try:
            yes = _yes(self._known.find(consent.person_id, actor), actor, command.how, consent.guardian_account)
        except NotFound:
            raise _no_such_consent() from None
        if consent.purpose is Purpose.DELEGATE:
            raise Conflict("end-the-delegation", Text(zh="请取消这份委托", en="end the delegation instead"))
        gone = self._answers.unpublish(consent, call.meta)
        if consent.stands:
            self._consents.withdraw(
                Withdrawal(consent=consent, how=yes.how, at=self._clock.now(), witnessed_by=yes.witness)
            )
        return Outcome(shown(self._consents.get(consent.id) or consent), gone.envelopes)

    def read(self, call: Call[ReadConsents]) -> Outcome:
        """For the person, their guardian, staff there."""
        actor = call.meta.actor
        person = self._known.must_find(call.command.person_id, actor)
        lines = self._consents.of(person.community_id, person.id)
        if not _guards(person, actor, lines):
            _, standing = relations.must_know(person, actor)
            if standing is relations.Standing.DELEGATE:
                raise relations.no_such_person()
        return Outcome({"consents": [shown(line) for line in lines]})


def _yes(person: Person | None, actor: Actor, how: Given | None, guardian_account: str | None) -> relations.Yes:
    """A guardian with an account gives and takes back by their own tap, as the person would."""
    guards = person is not None and person.minor and guardian_account == actor.account_id
    if person is not None and guards and how in (None, Given.TAP):
        if person.delegate(actor.account_id) is None:
            raise Refused(
                "guardian-not-known",
                Text(zh="请先由工作人员登记监护关系", en="staff have to enter first that you are the guardian"),
            )
        return relations.Yes(Given.TAP, None)
    return relations.yes_of(person, actor, how)[1]


def _guards(person: Person, actor: Actor, lines: Sequence[Consent]) -> bool:
    """A guardian reads while the child is one and a word of theirs stands."""
    near = person.community_id == actor.community_id and person.minor
    return near and any(line.stands and line.guardian_account == actor.account_id for line in lines)


def shown(consent: Consent) -> Mapping[str, Any]:
    """As commands and reads answer it."""
    withdrawn = consent.withdrawn_at
    return {
        "consent_id": consent.id,
        "person_id": consent.person_id,
        "purpose": consent.purpose.value,
        "text_version": consent.text_version,
        "how": consent.how.value,
        "given_by": "guardian" if consent.by_guardian else "self",
        "guardian": consent.guardian,
        "guardian_account": consent.guardian_account,
        "witnessed_by": consent.witnessed_by,
        "about": consent.about,
        "given_at": time_text(consent.given_at),
        "withdrawn_at": None if withdrawn is None else time_text(withdrawn),
        "withdrawn_how": None if consent.withdrawn_how is None else consent.withdrawn_how.value,
        "withdrawal_witnessed_by": consent.withdrawal_witnessed_by,
        "stands": consent.stands,
    }


def _check(person: Person, command: GiveConsent, by_guardian: bool) -> None:
    person.must_live()
    if command.purpose is Purpose.DELEGATE:
        raise Invalid("grant-instead", Text(zh="请用委托来登记", en="grant a delegation instead"), field="purpose")
    if person.minor and not by_guardian:
        raise Invalid(
            "guardian-needed", Text(zh="未成年人由监护人同意", en="a guardian consents for a minor"), field="guardian"
        )
    if by_guardian and not person.minor:
        raise Invalid(
            "no-guardian", Text(zh="成年人由本人同意", en="an adult consents for themselves"), field="guardian"
        )


def _guardian(name: str | None) -> str | None:
    plain = "".join(char for char in name or "" if char.isprintable()).strip()[:LONGEST]
    return plain or None


def _account(account_id: str | None) -> str | None:
    return None if account_id is None else account(account_id, "guardian_account")


def _about(about: str | None) -> str | None:
    """An order's or a picture's id; never words."""
    if about is None:
        return None
    if len(about) > _LONGEST_ID or not about.isascii() or not all(char.isalnum() or char in ".-_" for char in about):
        raise Invalid("not-an-id", Text(zh="这不是编号", en="this is no id"), field="about")
    return about


def _said(consent: Consent) -> tuple[object, ...]:
    return (
        consent.person_id,
        consent.purpose,
        consent.text_version,
        consent.how,
        consent.witnessed_by,
        consent.guardian,
        consent.guardian_account,
        consent.about,
    )


def _no_such_consent() -> NotFound:
    return NotFound("no-such-consent", Text(zh="没有找到这条同意记录", en="there is no such consent"))
