"""Classes of routes and how often each may be asked for, as the settings say: ``read=1200/60 write=300/60``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.settings import SettingsError


class RouteClass(StrEnum):
    """What a request costs us, roughly."""

    READ = "read"
    WRITE = "write"
    UPLOAD = "upload"
    STREAM = "stream"
    """Opening a stream, or one long poll."""
    SIGN_IN = "sign_in"
    """Whatever proves who one is: passwords and codes are slow to check and quick to guess at."""
    SIMILAR = "similar"
    """Whether neighbours have ordered the same, asked while an order is typed."""
    PLACES = "places"
    """Different places that an account asks so about: enough for one's family, too few to go from house to house."""


@dataclass(frozen=True)
class Quota:
    """``requests`` in any ``seconds``."""

    requests: int
    seconds: int


Quotas = Mapping[RouteClass, Quota]

OFF = "off"
_RULE = re.compile(r"([a-z_]+)=([1-9][0-9]{0,8})/([1-9][0-9]{0,4})")


def parse(variable: str, text: str) -> Quotas:
    """The quotas that *text* names; a class that is not named has no limit. Raises SettingsError."""
    if text.strip() == OFF:
        return {}
    quotas = {}
    for part in text.split():
        found = _RULE.fullmatch(part)
        if found is None or found[1] not in set(RouteClass):
            known = ", ".join(RouteClass)
            raise SettingsError(
                f"{variable}:{part!r} 不是规则,要写 class=requests/seconds({known}),或只写 {OFF}"
                f" / {part!r} is no rule; write class=requests/seconds ({known}), or {OFF} alone"
            )
        quotas[RouteClass(found[1])] = Quota(int(found[2]), int(found[3]))
    return quotas
