"""Imports a community, its areas and its catalogue: everything is checked first, then written in resumable steps.

An area or item is written, and published, only where it changed: running the same import again does nothing, and
running it after a crash does the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chassis.aggregates import Aggregates
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.events.masters import AreaPublished, CatalogueItemPublished, CommunityPublished
from contracts.words import Mode, Text
from services.tickets.adapters.areas_file import read_areas
from services.tickets.adapters.catalogue_file import read_catalogue
from services.tickets.adapters.community_file import read_community
from services.tickets.adapters.holidays import works_in_china
from services.tickets.adapters.item_versions import MongoItemVersions
from services.tickets.adapters.mongo import MongoCommunities
from services.tickets.adapters.problems import WHOLE, Problem
from services.tickets.adapters.sources import Kind, Source, open_sources
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.work_calendar import exceptions, unknown_years


@dataclass(frozen=True)
class Report:
    """What an import did, or why it did nothing: with problems nothing was written. Notices ask for something soon."""

    problems: Sequence[Problem] = ()
    areas: int = 0
    areas_changed: int = 0
    items: int = 0
    items_changed: int = 0
    notices: Sequence[Text] = ()


@dataclass(frozen=True)
class _Bundle:
    community: Community
    areas: Sequence[Area]
    items: Sequence[CatalogueItem]


class Importer:
    """``run`` is named *run_id* in the events it causes, anew for each run; it looks whether *year* and the next are in
    the calendar."""

    def __init__(
        self,
        communities: MongoCommunities,
        figures: Aggregates[Community],
        areas: Aggregates[Area],
        items: Aggregates[CatalogueItem],
        versions: MongoItemVersions,
        run_id: str,
        year: int,
    ) -> None:
        self._communities = communities
        self._figures = figures
        self._areas = areas
        self._items = items
        self._versions = versions
        self._run_id = run_id
        self._years = (year, year + 1)

    def run(self, paths: Sequence[Path], community_id: str | None = None, kind: Kind | None = None) -> Report:
        """Import files or folders; *kind* says what they hold, else their names and contents do.

        *community_id* names a community that is already there, if no file brings one (needless where it is the only
        one).
        """
        sources, problems = open_sources(paths, kind)
        bundle, wrong = self._check(sources, community_id)
        if problems or wrong or bundle is None:
            return Report([*problems, *wrong])
        self._write_community(bundle.community)
        areas_changed = sum(self._write_area(area) for area in bundle.areas)
        items_changed = sum(self._write_item(item) for item in bundle.items)
        unknown = unknown_years(bundle.community.calendar, self._years, works_in_china)
        notices = [one.sentence for one in unknown]
        return Report((), len(bundle.areas), areas_changed, len(bundle.items), items_changed, notices)

    def _check(self, sources: Mapping[Kind, Source], community_id: str | None) -> tuple[_Bundle | None, list[Problem]]:
        community, problems = self._community(sources.get(Kind.COMMUNITY), community_id)
        if community is None:
            return None, [*problems, *_check_without_community(sources)]
        areas, wrong_areas, there = self._check_areas(sources, community)
        items, wrong_items = self._check_items(sources, community)
        if not wrong_areas:
            wrong_items = [*wrong_items, *_nowhere(sources.get(Kind.CATALOGUE), items, there)]
        return _Bundle(community, areas, items), [*problems, *wrong_areas, *wrong_items]

    def _community(self, source: Source | None, community_id: str | None) -> tuple[Community | None, list[Problem]]:
        if source is None:
            community = self._communities.get(community_id) if community_id else self._communities.only()
            missing = Text(
                "缺少社区文件;已有的社区请用 --community 指明",
                "a community is needed: its file, or --community for a known one",
            )
            return community, [] if community else [Problem(Kind.COMMUNITY, WHOLE, "id", missing)]
        community, problems = read_community(source)
        if community is not None:
            holder = self._communities.with_prefix(community.prefix)
            if holder not in (None, community.id):
                taken = Text(f"已被社区 {holder} 使用", f"is used by community {holder}")
                problems.append(Problem(source.name, WHOLE, "prefix", taken))
        return community, problems

    def _check_areas(
        self, sources: Mapping[Kind, Source], community: Community
    ) -> tuple[Sequence[Area], list[Problem], frozenset[str]]:
        known = {area.id: area for area in map(self._areas.codec.from_doc, self._areas.collection.find())}
        source = sources.get(Kind.AREAS)
        areas, problems = read_areas(source, community.id, known) if source else ([], [])
        owners = {id: area.community_id for id, area in known.items()}
        problems += _foreign(source, areas, owners, community.id)
        ids = known.keys() | {area.id for area in areas}
        if source and not problems and community.area not in ids:
            sentence = Text(f"没有社区的地点 {community.area}", f"the community's area {community.area} is missing")
            problems.append(Problem(source.name, WHOLE, "features", sentence))
        return areas, problems, frozenset(ids)

    def _check_items(
        self, sources: Mapping[Kind, Source], community: Community
    ) -> tuple[Sequence[CatalogueItem], list[Problem]]:
        source = sources.get(Kind.CATALOGUE)
        items, problems = read_catalogue(source, community.id, community.mode) if source else ([], [])
        found = self._items.collection.find({"_id": {"$in": [item.id for item in items]}}, {"community_id": 1})
        owners = {doc["_id"]: doc["community_id"] for doc in found}
        return items, [*problems, *_foreign(source, items, owners, community.id)]

    def _write_community(self, community: Community) -> None:
        off, on = exceptions(community.calendar, self._years, works_in_china)
        known = replace(community, days_off=off, days_on=on)
        self._communities.adopt(community.id)

        def decide(before: Community | None) -> Decided[Community] | None:
            return None if known == before else Decided(known, (CommunityPublished(),))

        self._figures.apply(community.id, self._meta(community.id, "community"), decide)

    def _write_area(self, area: Area) -> bool:
        def decide(before: Area | None) -> Decided[Area] | None:
            return None if area == before else Decided(area, (AreaPublished(),))

        return bool(self._areas.apply(area.id, self._meta(area.community_id, f"area:{area.id}"), decide).envelopes)

    def _write_item(self, item: CatalogueItem) -> bool:
        def decide(before: CatalogueItem | None) -> Decided[CatalogueItem] | None:
            after = item.follows(before)
            if after == before:
                return None
            # First what orders will be held to, also of an item that is there from before versions were kept.
            for version in (before, after):
                if version is not None:
                    self._versions.keep(version)
            return Decided(after, (CatalogueItemPublished(),))

        return bool(self._items.apply(item.id, self._meta(item.community_id, f"item:{item.id}"), decide).envelopes)

    def _meta(self, community_id: str, what: str) -> Meta:
        return Meta(
            actor=system_actor(community_id),
            command_id=f"import:{self._run_id}:{what}",
            correlation_id=f"import:{self._run_id}",
        )


def _check_without_community(sources: Mapping[Kind, Source]) -> list[Problem]:
    """The other files are checked all the same, so that all that is wrong is said at once."""
    problems: list[Problem] = []
    if Kind.AREAS in sources:
        problems += read_areas(sources[Kind.AREAS], "", {})[1]
    if Kind.CATALOGUE in sources:
        problems += read_catalogue(sources[Kind.CATALOGUE], "", Mode.SUGGEST)[1]
    return problems


def _nowhere(source: Source | None, items: Sequence[CatalogueItem], there: frozenset[str]) -> list[Problem]:
    """An item for areas that there are not is offered nowhere, and nobody would know why."""
    if source is None:
        return []
    return [
        Problem(source.name, WHOLE, f"{item.id}.areas", Text(f"没有地点 {area}", f"there is no area {area}"))
        for item in items
        for area in item.areas
        if area not in there
    ]


def _foreign(
    source: Source | None, found: Sequence[Area | CatalogueItem], owners: Mapping[str, str], community_id: str
) -> list[Problem]:
    """Ids are unique in an installation: one that another community uses is not taken over."""
    if source is None:
        return []
    return [
        Problem(source.name, WHOLE, f"id {one.id}", Text(f"属于社区 {owner}", f"belongs to community {owner}"))
        for one in found
        if (owner := owners.get(one.id, community_id)) != community_id
    ]
