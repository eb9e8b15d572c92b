"""Invented names for the demo community: any letters, ·, right to left; no person is meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

_SURNAMES = (
    "赵钱孙李周吴郑冯蒋沈韩杨朱秦许何吕施曹严金魏陶姜谢邹柏窦章葛"
    "范彭鲁韦苗袁柳唐罗毕郝安常于傅皮康伍余顾孟黄穆萧尹姚邵汪祁毛"
)
_WOMEN = "秀兰 玉梅 桂芳 淑华 丽萍 晓燕 春霞 静怡 雪莲 佳慧 文娟 海霞 红梅 月琴 思雨 雅楠 凤英 素珍 欣然 若溪"
_MEN = "建国 志强 海涛 永福 国栋 大勇 立新 文斌 长顺 广林 子轩 浩然 成钢 德旺 新民 卫东 一鸣 启明 家豪 振华"
_UYGHUR_WOMEN = "阿依努尔 古丽巴哈尔 热依汗 帕丽达 米热阿依 迪丽拜尔 祖丽菲亚 茹仙古丽 阿娜尔罕 海丽切姆"
_UYGHUR_MEN = "阿迪力 艾尼瓦尔 库尔班江 玉素甫 吐尔洪 艾合买提 木拉提江 热合曼 阿布力孜 买买提江"
_UYGHUR_FATHERS = "吐尔逊 艾买尔 卡德尔 依明 赛买提 亚森 尼亚孜 库尔班 肉孜 托合提"
_KAZAKH_WOMEN = "阿依达娜 努尔古丽 萨吾列 玛依拉 古丽娜孜 加依娜"
_KAZAKH_MEN = "叶尔肯 巴合提别克 努尔兰 哈力木 赛力克 阿斯哈尔"
_KAZAKH_FATHERS = "马合沙提 托留汗 胡马尔 别克扎提 阿合买提 热马赞"


@dataclass(frozen=True)
class Name:
    """A full name and what is needed to speak of the person kindly."""

    full: str
    short: str
    """The surname, or the given name where there is no surname."""
    woman: bool
    languages: tuple[str, ...]
    """In which they can be spoken to; a preference, nothing more."""

    @property
    def polite(self) -> str:
        """The form of address: 李女士, 阿迪力先生."""
        return self.short + ("女士" if self.woman else "先生")


def names(seed: int) -> Iterator[Name]:
    """An endless line of names that differ from each other; the same seed gives the same line."""
    rng = Random(seed)
    seen: set[str] = set()
    while True:
        name = _one(rng)
        if name.full not in seen:
            seen.add(name.full)
            yield name


def work_names(name: Name, post: str) -> Iterator[str]:
    """What somebody with a post is called at work, best first, never ending: 网格员邹师傅, and for {}书记 黄书记."""
    short = name.short
    if "{}" in post:
        yield post.format(short)
    elif len(short) > 1:
        yield f"{post}{short}"
    yield from (f"{post}{short}{'姐' if name.woman else '师傅'}", f"{post}小{short}", f"{post}老{short}")
    yield from (f"{post}{short}{number}" for number in count(2))


def display_names(name: Name) -> Iterator[str]:
    """What this person might choose to be called in front of others, by taste, never ending."""
    short = name.short
    if len(short) > 1:
        yield short
    kind = ("姐", "阿姨", "大姐") if name.woman else ("师傅", "大哥", "大叔")
    tastes = (
        f"{short}{kind[0]}",
        f"热心的{short}{kind[0]}",
        f"{short}老师",
        f"小{short}",
        f"{short}{kind[1]}",
        f"隔壁{short}{kind[2]}",
        f"跑腿{short}",
    )
    taste = sum(map(ord, name.full)) % len(tastes)
    yield from tastes[taste:] + tastes[:taste]
    yield from (f"{short}{kind[0]}{number}" for number in count(2))


def _one(rng: Random) -> Name:
    woman = rng.random() < 0.55
    part = rng.random()
    if part < 0.10:
        given, fathers, language = (_UYGHUR_WOMEN if woman else _UYGHUR_MEN), _UYGHUR_FATHERS, "ug"
    elif part < 0.16:
        given, fathers, language = (_KAZAKH_WOMEN if woman else _KAZAKH_MEN), _KAZAKH_FATHERS, "kk"
    else:
        surname = rng.choice(_SURNAMES)
        also = rng.choice(("ug", "kk")) if rng.random() < 0.04 else None
        languages = ("zh", also) if also else ("zh",)
        return Name(surname + _pick(rng, _WOMEN if woman else _MEN), surname, woman, languages)
    first = _pick(rng, given)
    return Name(f"{first}·{_pick(rng, fathers)}", first, woman, ("zh", language))


def _pick(rng: Random, words: str) -> str:
    return rng.choice(words.split())
