"""Makes ``data/members.csv``, ``teams.csv`` and ``residents.csv``: ``python -m deploy.demo.make_people``.

Who is who stands in ``roster.py``; names, homes and most skills are dealt from a seed, so that the same
tables give the same files. ``data/README.md`` tells what the columns mean and who stands out.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from random import Random

from deploy.demo.make_areas import DATA, Area, areas, degrees
from deploy.demo.names import Name, display_names, names, work_names
from deploy.demo.roster import DEALT, DEPARTMENT_TEAMS, DEPARTMENTS, MEDIATOR, SHOPS, STAFF, TEAMS

SEED = 20261121
RESIDENTS = 60
AREAS = {area.id: area for area in areas()}
HOUSES = tuple(area for area in AREAS.values() if area.kind == "unit")
SILVER = range(3, 9)
"""Volunteers V003 to V008 are 75 to 84 years old."""
UNINSURED = 10
"""Of the volunteers every tenth has no insurance on file yet: dangerous work is not for them."""
MINORS = range(146, 151)
"""Volunteers V146 to V150 are under age."""
MEMBERS_HEAD = (
    "external_no,name,phone,display_name,employment,adult,home_area,lon,lat,crs,"
    "skills,languages,capacity,on_duty,teams,roles,"
    "born,guardian,guardian_phone,guardian_agreed,with_adult,abilities,vetted_until,charge_area,"
    "insured_until,insures_70"
)
TEAMS_HEAD = "id,name_zh,name_en,kind,lead,deputy,area"
RESIDENTS_HEAD = "login,name,phone,form_of_address,home_area,role,delegate_for,story"


@dataclass(kw_only=True)
class Member:
    """One row of members.csv while it is being put together."""

    number: str
    phone: str
    name: Name
    display: str
    employment: str
    home: Area
    roles: list[str] = field(default_factory=lambda: ["member"])
    adult: bool = True
    capacity: int = 2
    on_duty: bool = True
    skills: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    young: tuple[str, ...] = ("", "", "", "", "")
    """Birthday, guardian, their phone, the day they agreed, and who goes along."""
    abilities: list[str] = field(default_factory=list)
    vetted_until: str = ""
    charge: str = ""
    insured_until: str = ""
    insures_70: str = ""


class Cast:
    """Draws people one after another; keeps phones and chosen names apart."""

    def __init__(self) -> None:
        self.names = names(SEED)
        self.shown: set[str] = set()
        self.phones = 0

    def member(self, number: str, employment: str, home: str, post: str = "") -> Member:
        """The next person, with a chosen name that nobody else has."""
        name = next(self.names)
        options = work_names(name, post) if post else display_names(name)
        shown = next(text for text in options if text not in self.shown)
        self.shown.add(shown)
        self.phones += 1
        phone = f"000-0001-{self.phones:04d}"
        return Member(number=number, phone=phone, name=name, display=shown, employment=employment, home=AREAS[home])


def members() -> list[Member]:
    """All 212: 150 volunteers, 36 paid in nine groups, 26 in shops; team leads marked."""
    cast = Cast()
    everybody = [*_volunteers(cast, Random(SEED)), *_staff(cast), *_shops(cast)]
    _protect(everybody, Random(SEED + 3))
    leaders = {number for row in _team_rows(everybody) for number in (row[4], row[5])}
    for member in everybody:
        if member.number in leaders:
            member.roles.append("lead")
            member.on_duty = True
    return everybody


def _volunteers(cast: Cast, rng: Random) -> list[Member]:
    people = [cast.member(f"V{i:03d}", "volunteer", HOUSES[(i * 7) % len(HOUSES)].id) for i in range(1, 151)]
    _scene(people)
    for person in people[2:]:
        person.capacity = rng.choice((1, 1, 2, 2, 3))
        person.on_duty = rng.random() < 0.9
    for index in MINORS:
        people[index - 1].adult, people[index - 1].capacity = False, 1
    for person in people:
        person.teams.append(f"red-seed-{_grid(person.home)}")
    grown = [person for person in people[SILVER.stop - 1 :] if person.adult]
    _crews(grown, rng)
    for skill, count in DEALT:
        for person in rng.sample([p for p in grown if _may_learn(p, skill)], count):
            person.skills.append(skill)
    for number in (6, 7):
        people[number - 1].skills.append("appliance:2")
    for number in [*SILVER, *range(40, 48)]:
        people[number - 1].teams.append("silver-vanguard")
    for number in range(50, 60):
        people[number - 1].teams.append("helping-hands")
    return people


def _protect(everybody: Sequence[Member], rng: Random) -> None:
    """Who answers for the minors and goes along, what people say they can do, whose check for children is on file."""
    guardians = names(SEED + 4)
    for year, minor in enumerate((person for person in everybody if not person.adult), 2009):
        beside = next(p for p in everybody if p.adult and p.employment == "volunteer" and p.teams[:1] == minor.teams[:1]
                      and p.capacity > 1 and int(p.number[1:]) > SILVER.stop)  # fmt: skip
        phone = f"000-0003-{minor.number[1:].zfill(4)}"
        born = f"{min(year, 2011)}-03-{minor.number[-2:] if minor.number[-2:] < '29' else '15'}"
        minor.young = (born, next(guardians).full, phone, "2026-09-01", beside.number)
    for person in everybody:
        paid = person.employment in ("duty", "property", "department")
        odds = {"lift": 0.7, "stairs": 0.85, "ladder": 0.3, "night": 0.1}
        drawn = [ability for ability, chance in odds.items() if rng.random() < chance]
        person.abilities = list(odds) if paid else drawn if person.adult else []
        vetted = any(skill.startswith("child-care:2") for skill in person.skills)
        person.vetted_until = "2027-08-31" if vetted else ""
    for number, person in enumerate((one for one in everybody if one.employment == "volunteer" and one.adult), 1):
        person.insured_until = "" if number % UNINSURED == 0 else "2027-12-31"
        person.insures_70 = "yes" if number in SILVER else ""


def _scene(people: Sequence[Member]) -> None:
    """The two whom the story asks first when the tap in 和平苑 drips: they live next door and know how."""
    first, second, ninth = people[0], people[1], people[8]
    first.name, first.display = Name("马建新", "马", False, ("zh",)), "修龙头的马师傅"
    first.home, first.skills = AREAS["heping-2-1"], ["water-electric:2"]
    second.name, second.display = Name("艾尔肯·吐尔地", "艾尔肯", False, ("zh", "ug")), "艾尔肯师傅"
    second.home, second.skills = AREAS["heping-4-2"], ["water-electric:1"]
    ninth.name, ninth.display = Name("ئايگۈل تۇرسۇن", "ئايگۈل", True, ("ug", "zh")), "ئايگۈل"


def _crews(grown: Sequence[Member], rng: Random) -> None:
    """Two crews of five stand-in children, and four with a mediator's certificate."""
    for team, grids in (("stand-in-children-1", {"g1"}), ("stand-in-children-2", {"g2", "g3"})):
        for person in rng.sample([p for p in grown if _grid(p.home) in grids], 5):
            person.skills.append("companion:1")
            person.teams.append(team)
    for person in rng.sample([p for p in grown if not p.skills], 4):
        person.skills.append(MEDIATOR)
        person.teams.append("moral-clinic")


def _may_learn(person: Member, skill: str) -> bool:
    """At most two skills; and 和平苑 has no plumber but the two of the story."""
    code = skill.partition(":")[0]
    known = {held.partition(":")[0] for held in person.skills}
    next_door = code == "water-electric" and person.home.id.startswith("heping")
    return len(known) < 2 and code not in known and not next_door


def _staff(cast: Cast) -> Iterator[Member]:
    for group in STAFF:
        for index in range(group.count):
            post = group.post or DEPARTMENTS[index]
            home = group.homes[index % len(group.homes)]
            member = cast.member(f"{group.prefix}{index + 1:02d}", group.employment, home, post)
            member.roles = list(group.roles)
            member.capacity, member.on_duty = group.capacity, group.on_duty
            member.skills = [s for s in group.skills[index % len(group.skills)].split(";") if s]
            team = group.team if group.post else DEPARTMENT_TEAMS[index]
            member.teams = [team] if team else []
            member.charge = group.charge
            if "duty" in group.roles and AREAS[home].kind == "grid":
                member.charge = home  # who works in one grid looks after that one
            yield member


def _shops(cast: Cast) -> Iterator[Member]:
    everyone = [shop for shop in SHOPS for _ in range(shop.people)]
    for number, shop in enumerate(everyone, 1):
        member = cast.member(f"H{number:02d}", "shop", shop.home, f"{shop.name}·")
        member.skills = [skill for skill in shop.skills.split(";") if skill]
        member.teams = [shop.team]
        yield member


def _grid(home: Area) -> str:
    """g1, g2 or g3, by where on the plan a home lies."""
    return f"g{int(home.box[0] // 400) + 1}"


def _team_rows(everybody: Sequence[Member]) -> list[tuple[str, ...]]:
    apart = {f"V{number:03d}" for number in (1, 2, *SILVER)}
    rows: list[tuple[str, ...]] = []
    for team in TEAMS:
        roster = [m.number for m in everybody if team.id in m.teams and m.adult and m.number not in apart]
        lead, deputy = team.lead or roster[0], team.deputy or "".join(roster[1:2])
        rows.append((team.id, team.zh, team.en, team.kind, lead, deputy, team.area))
    return rows


def _member_row(member: Member, rng: Random) -> tuple[str, ...]:
    return (
        member.number,
        member.name.full,
        member.phone,
        member.display,
        member.employment,
        _yes(member.adult),
        member.home.id,
        *(f"{degree:.6f}" for degree in _start(member.home, rng)),
        "wgs84",
        ";".join(member.skills),
        ";".join(member.name.languages),
        str(member.capacity),
        _yes(member.on_duty),
        ";".join(member.teams),
        ";".join(member.roles),
        *member.young,
        ";".join(member.abilities),
        member.vetted_until,
        member.charge,
        member.insured_until,
        member.insures_70,
    )


def _start(home: Area, rng: Random) -> tuple[float, float]:
    """Where somebody sets out from: anywhere in a unit or place, near the middle of anything larger."""
    west, south, east, north = home.box
    if home.kind in ("unit", "place"):
        return degrees(rng.uniform(west, east), rng.uniform(south, north))
    return degrees((west + east) / 2 + rng.uniform(-20, 20), (south + north) / 2 + rng.uniform(-20, 20))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _resident_rows() -> Iterator[tuple[str, ...]]:
    """60 neighbours, some of whom may act for another, and the daughter of the elder in the story."""
    for number, name in enumerate(islice(names(SEED + 2), RESIDENTS), 1):
        home = HOUSES[(number * 11) % len(HOUSES)].id
        cared_for = f"resident{number - 1:02d}" if number % 15 == 0 else ""
        login, phone = f"resident{number:02d}", f"000-0002-{number:04d}"
        yield (login, name.full, phone, name.polite, home, "resident", cared_for, "")
    daughter = ("linxiaomei", "林小梅", "000-0002-0061", "林女士", "zyl-g1", "resident")
    yield (*daughter, "elder-heping", "daughter")


def _table(head: str, rows: Iterator[tuple[str, ...]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head.split(","))
    writer.writerows(rows)
    return text.getvalue()


def files() -> dict[str, str]:
    """The three files by name, whole: UTF-8 once written, lines ended by a newline alone."""
    everybody, rng = members(), Random(SEED + 1)
    return {
        "members.csv": _table(MEMBERS_HEAD, (_member_row(member, rng) for member in everybody)),
        "teams.csv": _table(TEAMS_HEAD, iter(_team_rows(everybody))),
        "residents.csv": _table(RESIDENTS_HEAD, _resident_rows()),
    }


def main() -> None:
    """Write the files."""
    for name, text in files().items():
        (DATA / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
