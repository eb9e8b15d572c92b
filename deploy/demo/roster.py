"""Who is who in the demo community: the tables from which the members and teams are made."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Staff:
    """A group of paid people with one kind of work. ``homes`` and ``skills`` are dealt in turn."""

    prefix: str
    count: int
    employment: str
    post: str
    homes: tuple[str, ...]
    skills: tuple[str, ...] = ("",)
    roles: tuple[str, ...] = ("member",)
    capacity: int = 3
    on_duty: bool = True
    team: str = ""
    charge: str = ""
    """Where their roles as staff or chief hold, where that is not the grid of their home."""


MEDIATOR = "mediation:2:2030-12-31"
STAFF: tuple[Staff, ...] = (
    Staff(
        prefix="C",
        count=3,
        employment="duty",
        post="全岗通",
        homes=("sll-counter",),
        skills=("full-counter:2",),
        roles=("member", "duty", "dispatcher"),
    ),
    Staff(
        prefix="G",
        count=6,
        employment="duty",
        post="网格员",
        homes=("sll-g1", "sll-g1", "sll-g2", "sll-g2", "sll-g3", "sll-g3"),
        skills=("full-counter:1", MEDIATOR),
        roles=("member", "duty"),
    ),
    Staff(
        prefix="L",
        count=3,
        employment="duty",
        post="网格长",
        homes=("sll-g1", "sll-g2", "sll-g3"),
        skills=(MEDIATOR,),
        roles=("member", "duty"),
    ),
    Staff(
        prefix="S",
        count=1,
        employment="duty",
        post="{}书记",
        homes=("sll-counter",),
        roles=("member", "duty", "dispatcher", "secretary"),
        capacity=1,
        on_duty=False,
    ),
    Staff(
        prefix="B",
        count=2,
        employment="duty",
        post="副街区长",
        homes=("sll-counter",),
        skills=(MEDIATOR,),
        roles=("member", "deputy_block_chief"),
        capacity=1,
        on_duty=False,
        charge="slc-hs-centre",
    ),
    Staff(
        prefix="P",
        count=7,
        employment="property",
        post="物业",
        homes=("heping", "huizi", "zhannan", "huimin", "bushi", "xueyuan", "zhannan"),
        skills=("property-repair:2",),
        team="property",
    ),
    Staff(
        prefix="Q",
        count=3,
        employment="property",
        post="燃气",
        homes=("sll",),
        skills=("gas:3:2030-12-31",),
        team="gas-company",
    ),
    Staff(
        prefix="W",
        count=2,
        employment="property",
        post="供水",
        homes=("sll",),
        skills=("water-mains:2;property-repair:1",),
        team="water-company",
    ),
    Staff(
        prefix="D",
        count=9,
        employment="department",
        post="",
        homes=("sll",),
        skills=("", "", "", "fire-rescue:3", "fire-rescue:3", "municipal:2", "municipal:2", "", ""),
        roles=("member",),
    ),
)
DEPARTMENTS: tuple[str, ...] = ("公安", "市监", "城管", "消防", "消防", "市政", "市政", "卫健", "民政")
DEPARTMENT_TEAMS: tuple[str, ...] = (
    *("police", "market-supervision", "city-management", "fire", "fire", "municipal", "municipal"),
    *("health", "civil-affairs"),
)
"""The department of each, as a team that can be whistled."""

FOOD, CHILD = "food-health:2:2030-06-30", "child-care:2:2030-08-31"


@dataclass(frozen=True)
class Shop:
    """A joined shop, how many of its people take part, where it is and what they can do (as in members.csv)."""

    name: str
    people: int
    home: str
    skills: str = ""
    team: str = "shop-alliance"


SHOPS: tuple[Shop, ...] = (
    Shop("甜籽馕店", 2, "huimin-1-1", FOOD),
    Shop("老街理发", 2, "huimin-2-2", "hairdressing:2"),
    Shop("丝路美发", 2, "bushi-1-2", "hairdressing:2;craft-teaching:1"),
    Shop("布市家电", 2, "bushi-2-1", "appliance:2"),
    Shop("学苑超市", 2, "xueyuan-1-2"),
    Shop("惠民药房", 2, "zhannan-2-1"),
    Shop("和平菜铺", 2, "heping-5-1"),
    Shop("小石榴画室", 2, "xueyuan-2-1", f"{CHILD};craft-teaching:1"),
    Shop("巷口清真餐厅", 2, "huimin-1-2", FOOD),
    Shop("春风洗衣", 2, "bushi-1-1"),
    Shop("站南五金", 2, "zhannan-1-1"),
    Shop("墨香文具", 1, "xueyuan-1-1", "calligraphy:1"),
    Shop("银杏面点", 1, "huizi-3-1", f"{FOOD};craft-teaching:2"),
    Shop("红籽合作社", 2, "bushi-2-2", team="cooperative"),
)
"""The 14 joined shops of the 82 that were surveyed: 26 people."""

DEALT: tuple[tuple[str, int], ...] = (
    ("water-electric:1", 10),
    ("water-electric:2", 4),
    ("appliance:1", 8),
    ("hairdressing:1", 10),
    ("nursing:2:2030-03-31", 8),
    ("medical-escort:1", 18),
    ("bedside-care:1", 16),
    (FOOD, 10),
    (CHILD, 12),
    ("listening:1", 12),
    ("calligraphy:1", 8),
    ("craft-teaching:1", 6),
)
"""A skill and how many more volunteers have it; nobody is dealt more than two."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A row of teams.csv; a blank lead or deputy is the first or second of the roster."""

    id: str
    zh: str
    en: str
    kind: str
    area: str
    lead: str = ""
    deputy: str = ""


def _red_seed(number: int, zh: str, en: str) -> Team:
    return Team(
        id=f"red-seed-g{number}",
        zh=f"石榴红志愿服务队{zh}队",
        en=f"Red Seed volunteers, {en}",
        kind="volunteer_team",
        area=f"sll-g{number}",
    )


def _stand_in(number: int, zh: str, en: str) -> Team:
    return Team(
        id=f"stand-in-children-{number}",
        zh=f"代理儿女{zh}队",
        en=f"Stand-in children, {en}",
        kind="volunteer_team",
        area=f"sll-g{number}",
    )


def _department(id: str, zh: str, en: str) -> Team:
    return Team(id=id, zh=zh, en=en, kind="department", area="sll")


TEAMS: tuple[Team, ...] = (
    _red_seed(1, "一", "first"),
    _red_seed(2, "二", "second"),
    _red_seed(3, "三", "third"),
    Team(
        id="silver-vanguard",
        zh="银发先锋队",
        en="Silver vanguard",
        kind="party_branch",
        area="sll",
        lead="V003",
        deputy="V004",
    ),
    _stand_in(1, "一", "first"),
    _stand_in(2, "二", "second"),
    Team(id="moral-clinic", zh="道德门诊", en="Moral clinic", kind="volunteer_team", area="sll"),
    Team(id="shop-alliance", zh="商圈联盟", en="Shop alliance", kind="shop_alliance", area="sll"),
    Team(id="property", zh="和美物业", en="Hemei property company", kind="property", area="sll"),
    Team(id="gas-company", zh="燃气公司", en="Gas company", kind="utility", area="sll"),
    Team(id="water-company", zh="供水公司", en="Water company", kind="utility", area="sll"),
    _department("police", "公安派出所", "Police station"),
    _department("market-supervision", "市场监管所", "Market supervision"),
    _department("city-management", "城管执法队", "City management"),
    _department("fire", "消防救援站", "Fire and rescue station"),
    _department("municipal", "市政养护所", "Municipal works"),
    _department("health", "卫健所", "Health office"),
    _department("civil-affairs", "民政所", "Civil affairs"),
    Team(id="helping-hands", zh="邻里帮帮团", en="Helping hands", kind="social", area="sll"),
    Team(id="cooperative", zh="红籽合作社", en="Red Seed cooperative", kind="cooperative", area="sll"),
)
