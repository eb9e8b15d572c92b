"""A point on a map as somebody's device or map names it, and in which of the three systems."""

from dataclasses import dataclass
from enum import StrEnum


class Crs(StrEnum):
    """Which system coordinates are in: satellites', that of Chinese maps (Amap, Tencent, WeChat), Baidu's."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, kw_only=True)
class GivenPoint:
    """A point in degrees, as it was given. ``crs`` None means WGS-84; clients that show maps have to name theirs."""

    longitude: float
    latitude: float
    crs: Crs | None = None
