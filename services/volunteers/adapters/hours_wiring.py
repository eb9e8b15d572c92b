"""The two ledgers put together; part of the composition root of volunteers."""

from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.resources import Resources
from services.volunteers.adapters.codecs import TeamCodec
from services.volunteers.adapters.hours_codec import EntryCodec
from services.volunteers.adapters.hours_store import MongoEntries, VaultHoursWords
from services.volunteers.adapters.hours_year_store import MongoYearBook
from services.volunteers.adapters.reveals import VaultContacts
from services.volunteers.adapters.sheets_store import MongoSheets
from services.volunteers.adapters.stores import MongoAreas
from services.volunteers.application.correcting import Correcting
from services.volunteers.application.hours import HoursReads
from services.volunteers.application.hours_year import Years
from services.volunteers.application.ports import Communities
from services.volunteers.application.recording import Recording, WorkingDays
from services.volunteers.application.reveals import MemberReveals
from services.volunteers.application.sheets import Sheets
from services.volunteers.domain.member import Member


@dataclass(frozen=True)
class HoursApplication:
    """What the entrypoints of the ledgers call; ``recording`` is called by reactions and deadlines."""

    recording: Recording
    reads: HoursReads
    correcting: Correcting
    sheets: Sheets
    years: Years


def hours_application(
    resources: Resources, members: Aggregates[Member], log: MemberReveals, communities: Communities
) -> HoursApplication:
    """Wire the ledgers."""
    settings, clock = resources.settings, resources.clock
    entries, days = Aggregates(resources.journal, EntryCodec()), WorkingDays(communities)
    ledgers, words, areas = MongoEntries(entries), VaultHoursWords(resources.vault), MongoAreas(resources.db)
    teams = Aggregates(resources.journal, TeamCodec())
    reads = HoursReads(ledgers, members, areas, words, settings.hours_stars)
    correcting = Correcting(
        entries=entries,
        ledgers=ledgers,
        reads=reads,
        words=words,
        log=log,
        days=days,
        areas=areas,
        clock=clock,
    )
    sheets = Sheets(
        sheets=MongoSheets(entries, resources.vault),
        reads=reads,
        members=members,
        teams=teams,
        contacts=VaultContacts(resources.db, resources.vault),
        words=words,
        log=log,
        days=days,
        clock=clock,
    )
    recording = Recording(entries, members, days, clock, settings.hours_unended_minutes)
    years = Years(MongoYearBook(resources.db, entries), teams, days)
    return HoursApplication(recording, reads, correcting, sheets, years)
