"""Somebody who is served, as a holder of rights: who may act for them, and whether anything may still go on.

Who they are is in the vault; here are ids and codes. Every step returns the new person and what happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.decisions import Decided, Due
from contracts.errors import Conflict, Invalid
from contracts.events import Event
from contracts.events.people import (
    DelegationEnded,
    DelegationGranted,
    DelegationLapsing,
    DelegationRenewed,
    DelegationView,
    PersonDeceased,
    PersonRegistered,
    PersonRestored,
    PersonSnapshot,
)
from contracts.languages import MOST_SPOKEN, Language
from contracts.words import DelegationEnd, Given, Permit, Text
from services.tickets.domain.delegation import RENEWAL, Delegation, no_such_delegation

RESTORE = timedelta(days=30)
"""So long a death that was entered by mistake can be taken back."""
MOST_DELEGATES = 8


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person. ``registered_by`` is None for who was first named with an order, or signed in themselves.

    ``languages`` are what they speak, told to dispatch with each of their orders alone.
    """

    id: str
    community_id: str
    area_path: tuple[str, ...] = ()
    account_id: str | None = None
    minor: bool = False
    languages: tuple[Language, ...] = ()
    registered_by: str | None = None
    delegations: tuple[Delegation, ...] = ()
    deceased_at: datetime | None = None
    deceased_by: str | None = None

    @property
    def deceased(self) -> bool:
        """Has the person died?"""
        return self.deceased_at is not None

    @property
    def standing(self) -> tuple[Delegation, ...]:
        """The delegations that hold now; all rest while the person counts as dead."""
        return () if self.deceased else tuple(one for one in self.delegations if one.stands)

    @property
    def restore_until(self) -> datetime | None:
        """Until when the death can be taken back."""
        return None if self.deceased_at is None else self.deceased_at + RESTORE

    def delegate(self, account_id: str) -> Delegation | None:
        """What the account may do now; None: nothing."""
        return next((one for one in self.standing if one.account_id == account_id), None)

    def orders_for(self, account_id: str) -> bool:
        """May the account order for them now?"""
        known = self.delegate(account_id)
        return known is not None and Permit.ORDER in known.may

    def was_delegate(self, account_id: str) -> bool:
        """Was a delegation to this account ever written down?"""
        return any(one.account_id == account_id for one in self.delegations)

    def delegation(self, delegation_id: str) -> Delegation:
        """One of theirs; raises NotFound."""
        for one in self.delegations:
            if one.id == delegation_id:
                return one
        raise no_such_delegation()

    def registered(self, area_path: tuple[str, ...], account_id: str | None, minor: bool, by: str) -> Decided["Person"]:
        """Staff entered them, or where they live, their account, their being a minor changed."""
        after = replace(
            self,
            area_path=area_path,
            account_id=account_id or self.account_id,
            minor=minor,
            registered_by=self.registered_by or by,
        )
        return Decided(after, (PersonRegistered(),), {"person_id": self.id})

    def speaks(self, languages: tuple[Language, ...] | None) -> "Person":
        """These from now on (None: as before), each once; raises Invalid for too many."""
        if languages is None:
            return self
        spoken = tuple(dict.fromkeys(languages))
        if len(spoken) > MOST_SPOKEN:
            raise Invalid(
                "too-many-languages",
                Text(f"最多 {MOST_SPOKEN} 种", f"at most {MOST_SPOKEN} of them"),
                field="languages",
            )
        return replace(self, languages=spoken)

    def changed(
        self, area_path: tuple[str, ...] | None, account_id: str | None, minor: bool | None
    ) -> Decided["Person"]:
        """What staff put right; what is None stays. Raises Conflict where another account should rest instead."""
        if self.deceased and self.account_id is not None and account_id not in (None, self.account_id):
            self.must_live()
        after = replace(
            self,
            area_path=self.area_path if area_path is None else area_path,
            account_id=account_id or self.account_id,
            minor=self.minor if minor is None else minor,
        )
        return Decided(after, () if after == self else (PersonRegistered(),), {"person_id": self.id})

    def grant(
        self, account_id: str, may: tuple[Permit, ...], how: Given, witness: str | None, now: datetime
    ) -> Decided["Person"]:
        """*account_id* may do *may* for a year; what it might do before is replaced."""
        self.must_live()
        self._check_grant(account_id, may, witness)
        before = self.delegate(account_id)
        granted = Delegation(
            id=before.id if before else f"{self.id}.d{len(self.delegations) + 1}",
            account_id=account_id,
            may=tuple(permit for permit in Permit if permit in may),
            how=how,
            witnessed_by=witness,
            given_at=now,
            renew_by=now + RENEWAL,
            asked=witness is not None or (before is not None and before.asked),
        )
        event = DelegationGranted(
            delegation_id=granted.id, account_id=account_id, may=granted.may, renew_by=granted.renew_by
        )
        return self._with(granted, event)

    def renew(self, delegation_id: str, how: Given, witness: str | None, now: datetime) -> Decided["Person"]:
        """For another year from now; raises Conflict where it does not stand any more."""
        self.must_live()
        known = self.delegation(delegation_id)
        if not known.stands:
            raise Conflict(
                "delegation-over", Text(zh="这份委托已经结束,请重新授权", en="it is over: it has to be given anew")
            )
        if witness is not None and witness == known.account_id:
            raise _own_witness()
        renewed = replace(known, how=how, witnessed_by=witness, renew_by=now + RENEWAL, warned=False)
        event = DelegationRenewed(delegation_id=known.id, account_id=known.account_id, renew_by=renewed.renew_by)
        return self._with(renewed, event)

    def end(self, delegation_id: str, why: DelegationEnd, by: str, now: datetime) -> Decided["Person"]:
        """The account may nothing any more; ending it twice changes nothing."""
        known = self.delegation(delegation_id)
        if not known.stands:
            return Decided(self, (), known.shown(self.id))
        ended = replace(known, end=why, ended_at=now, ended_by=by)
        return self._with(ended, DelegationEnded(delegation_id=known.id, account_id=known.account_id, reason=why))

    def asked_about(self, account_id: str) -> Decided["Person"] | None:
        """Staff spoke with the person about this delegate: the next proxy order need not wait for a call."""
        known = self.delegate(account_id)
        if known is None or known.asked:
            return None
        return self._with(replace(known, asked=True))

    def die(self, by: str, now: datetime) -> Decided["Person"]:
        """Everything rests; entering it twice changes nothing."""
        if self.deceased:
            return Decided(self, (), self.fate())
        after = replace(self, deceased_at=now, deceased_by=by)
        return Decided(after, (PersonDeceased(),), after.fate())

    def restore(self, now: datetime) -> Decided["Person"]:
        """The death was entered by mistake; raises Conflict when that is too long ago."""
        if self.restore_until is None:
            return Decided(self, (), self.fate())
        if now > self.restore_until:
            raise Conflict(
                "too-late-to-restore",
                Text(zh="登记已超过30天,不能直接更正", en="it was entered more than 30 days ago: this cannot undo it"),
            )
        after = replace(self, deceased_at=None, deceased_by=None)
        return Decided(after, (PersonRestored(),), after.fate())

    def fate(self) -> Mapping[str, Any]:
        """What a death or its correction answers."""
        return {"person_id": self.id, "deceased": self.deceased}

    def must_live(self) -> None:
        """Raises Conflict in words that tell nothing to whoever need not know."""
        if self.deceased:
            raise Conflict(
                "service-stopped",
                Text(
                    zh="这位服务对象的服务已停止,请联系社区", en="service for this person has stopped: please call us"
                ),
            )

    def due(self) -> tuple[Due, ...]:
        """The warnings and ends of the delegations that stand; a key names one year of one delegation.

        Of somebody who died, the end of the time in which it can be taken back: then their delegations are over.
        """
        if self.restore_until is not None:
            resting = any(one.stands for one in self.delegations)
            return (Due(f"rest:{self.deceased_at:%Y%m%d%H%M%S}", self.restore_until),) if resting else ()
        return tuple(due for one in self.standing for due in one.due())

    def fire(self, key: str, now: datetime) -> Decided["Person"] | None:
        """What the deadline *key* does; None when it does not stand any more or is not due yet."""
        if not any(due.key == key and due.at <= now for due in self.due()):
            return None
        if self.deceased:
            return Decided(replace(self, delegations=tuple(_rested(one, now) for one in self.delegations)))
        for one in self.standing:
            if key in (one.warn_key, one.lapse_key):
                return self._lapsed(one, now) if key == one.lapse_key else self._warned(one)
        return None

    def snapshot(self) -> PersonSnapshot:
        """The public view."""
        return PersonSnapshot(
            id=self.id,
            community_id=self.community_id,
            area_path=self.area_path,
            account_id=self.account_id,
            minor=self.minor,
            deceased=self.deceased,
            delegations=tuple(
                DelegationView(id=one.id, account_id=one.account_id, may=one.may, renew_by=one.renew_by)
                for one in self.standing
            ),
        )

    def _warned(self, one: Delegation) -> Decided["Person"]:
        event = DelegationLapsing(delegation_id=one.id, account_id=one.account_id, renew_by=one.renew_by)
        return self._with(replace(one, warned=True), event)

    def _lapsed(self, one: Delegation, now: datetime) -> Decided["Person"]:
        return self.end(one.id, DelegationEnd.LAPSED, "system", now)

    def _check_grant(self, account_id: str, may: tuple[Permit, ...], witness: str | None) -> None:
        if not may:
            raise Invalid("nothing-granted", Text(zh="请选至少一项", en="say what they may do"), field="may")
        if account_id == self.account_id:
            raise Invalid("own-delegate", Text(zh="不用委托自己", en="nobody delegates to themselves"), "account_id")
        if account_id == witness:
            raise _own_witness()
        if self.delegate(account_id) is None and len(self.standing) >= MOST_DELEGATES:
            raise Invalid(
                "too-many-delegates",
                Text(zh=f"最多 {MOST_DELEGATES} 位代办家属", en=f"at most {MOST_DELEGATES} delegates"),
                field="account_id",
            )

    def _with(self, changed: Delegation, *events: Event) -> Decided["Person"]:
        others = tuple(one for one in self.delegations if one.id != changed.id)
        ordered = tuple(sorted((*others, changed), key=lambda one: int(one.id.rpartition(".d")[2])))
        return Decided(replace(self, delegations=ordered), events, changed.shown(self.id))


def _rested(one: Delegation, now: datetime) -> Delegation:
    """Over, without a word: whoever held it is told nothing by a machine."""
    if not one.stands:
        return one
    return replace(one, end=DelegationEnd.LAPSED, ended_at=now, ended_by="system")


def _own_witness() -> Invalid:
    return Invalid(
        "own-witness",
        Text(zh="见证人不能是被委托人自己", en="whoever is to act cannot be the one who witnesses it"),
        field="account_id",
    )
