"""What a robot writes: two masked lines for one message, a line for each of several; no other value is rendered."""

from collections.abc import Sequence

from contracts.groups import digest, two_lines
from services.notify.application.robot_ports import AreaNames, GroupLetter, Titles
from services.notify.application.sending_ports import Letter
from services.notify.domain.category import Category
from services.notify.domain.robot import Robot

TEST = ("group-test", "石榴平台:测试消息", "Shiliu: a test", "这个群接好了。", "This group is connected.")


class GroupWords:
    """Puts letters into words, in the language of the robot's group."""

    def __init__(self, titles: Titles, areas: AreaNames) -> None:
        self._titles = titles
        self._areas = areas

    def of(self, robot: Robot, letters: Sequence[GroupLetter], digest_id: str | None) -> Letter:
        """One message, or several in one."""
        first = letters[0]
        lines = [self._lines(robot, one) for one in letters]
        if digest_id is None:
            title, _, body = lines[0].partition("\n")
        else:
            title, body = digest(lines, robot.locale)
        return Letter(
            message_id=digest_id or first.message_id,
            community_id=first.community_id,
            template=first.template if digest_id is None else "group-digest",
            version=first.version if digest_id is None else 1,
            locale=robot.locale,
            title=title,
            body=body,
            params={},
            thread=first.thread if digest_id is None else "",
            number=first.number if digest_id is None else "",
            urgent=any(one.urgent for one in letters),
            category=first.category,
            offer_id=None,
        )

    def test(self, robot: Robot) -> Letter:
        """What staff send to see that it arrives."""
        template, zh_title, en_title, zh, en = TEST
        in_zh = robot.locale.startswith("zh")
        return Letter(
            message_id=f"{robot.id}:test",
            community_id=robot.community_id,
            template=template,
            version=1,
            locale=robot.locale,
            title=zh_title if in_zh else en_title,
            body=zh if in_zh else en,
            params={},
            thread="",
            number="",
            urgent=False,
            category=Category.DUTY,
            offer_id=None,
        )

    def _lines(self, robot: Robot, letter: GroupLetter) -> str:
        item, grid = letter.item, None if letter.grid is None else self._areas.name(letter.grid)
        params = {
            "number": letter.number,
            "urgency": letter.urgency,
            "item": None if item is None else {"zh": item.zh, "en": item.en},
            "grid": None if grid is None else {"zh": grid.zh, "en": grid.en},
        }
        title = self._titles.title(letter.community_id, letter.template, letter.version, robot.locale, params)
        return two_lines(title, item, grid, letter.number, robot.locale, urgent=letter.urgent)
