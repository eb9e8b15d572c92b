"""What notify holds about people in the words and rules of notices: who saved them."""

from chassis.inventory import Basis, Entry, Held, Nobodys
from contracts.words import Text

_WHO = Text(zh="书记", en="secretaries")
_WHY = Text(zh="谁改了大家读到的话、谁会收到", en="who changed what people read, and who hears")

_UNTIL = Text(zh="到账号注销", en="until the account is erased")

WORDS: tuple[Entry, ...] = (
    Nobodys(collection="coded_answers", what=Text(zh="办理结果、原因等代码怎么说", en="what coded answers are called")),
    Nobodys(collection="word_saves", what=Text(zh="通知文字和规则存过几次", en="how many saves of words and rules")),
    Held(
        collection="template_versions",
        field="saved_by",
        what=Text(zh="通知文字的每一版是哪个账号存的", en="which account saved a version of the words of notices"),
        whose=_WHO,
        why=_WHY,
        basis=Basis.DUTY,
        period=_UNTIL,
        seen_by=_WHO,
    ),
    Held(
        collection="rule_versions",
        field="saved_by",
        what=Text(zh="通知规则的每一版是哪个账号存的", en="which account saved a version of the rules of notices"),
        whose=_WHO,
        why=_WHY,
        basis=Basis.DUTY,
        period=_UNTIL,
        seen_by=_WHO,
    ),
)
