"""What tickets holds of what somebody wrote by SMS."""

from functools import partial

from chassis.inventory import Basis, Entry, Held
from contracts.words import Text

_held = partial(
    Held,
    collection="pleas",
    whose=Text(zh="发短信的人", en="who wrote"),
    why=Text(zh="发来的求助要有人看、有人答", en="a call for help is read by somebody, and answered"),
    basis=Basis.SERVICE,
    period="retention_words_days",
    seen_by=Text(zh="本社区工作人员(留痕)", en="staff of the community (logged)"),
)

PLEAS: tuple[Entry, ...] = (
    _held(
        field="texts.words, phone",
        what=Text(zh="短信原文和号码", en="what was written, and from which number"),
        sealed=True,
    ),
    _held(
        field="phone_key, accounts, persons, asked_about",
        what=Text(
            zh="号码的带密钥摘要、这个号码是谁的(编号)、当时问过其哪一单",
            en="a keyed hash of the number, whose it is (ids), about which order it was asked",
        ),
    ),
    _held(
        field="area_path, danger, outcome, ticket_id, handled_by",
        what=Text(
            zh="在哪个网格、是不是有危险、怎么办的、点成了哪一单、谁办的(账号)",
            en="in which grid, whether there is danger, what was done, which order was made of it, by whom (account)",
        ),
    ),
)
