"""What a robot writes: two masked lines for one message, a line for each of several; no other value is rendered."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.groups import two_lines
from contracts.words import Text
from services.notify.application.ports import Rendered, Templates
from services.notify.application.robot_ports import AreaNames, GroupLetter
from services.notify.application.sending_ports import Letter
from services.notify.domain.category import Category
from services.notify.domain.digest import GROUP_DIGEST, MOST_GROUP_BYTES, MOST_GROUP_LINES, told_in_one
from services.notify.domain.robot import Robot
from services.notify.domain.sizes import robot_bytes
from services.notify.domain.template import Form

NEWS = Text("有一件事要办", "There is something to do")
TEST = "group-test"
"""The template of what staff send to see that it arrives."""


class GroupWords:
    """Puts letters into words, in the language of the robot's group."""

    def __init__(self, areas: AreaNames, templates: Templates) -> None:
        self._areas = areas
        self._templates = templates

    def of(self, robot: Robot, letters: Sequence[GroupLetter], digest_id: str | None) -> Letter:
        """One message, or several in one."""
        first = letters[0]
        urgent = any(one.urgent for one in letters)
        if digest_id is not None:
            lines = [" ".join(self._lines(robot, one).split("\n")) for one in letters[:MOST_GROUP_LINES]]
            said = told_in_one(lines, len(letters), MOST_GROUP_BYTES, robot_bytes)
            return self._by_template(robot, GROUP_DIGEST, said, digest_id, first.category, urgent=urgent)
        title, _, body = self._lines(robot, first).partition("\n")
        return _letter(
            robot,
            Rendered(title=title, body=body),
            message_id=first.message_id,
            template=first.template,
            version=first.version,
            thread=first.thread,
            number=first.number,
            urgent=urgent,
            category=first.category,
        )

    def test(self, robot: Robot) -> Letter:
        """What staff send to see that it arrives."""
        return self._by_template(robot, TEST, {}, f"{robot.id}:test", Category.DUTY, urgent=False)

    def _by_template(
        self, robot: Robot, template: str, said: Mapping[str, Any], id: str, category: Category, *, urgent: bool
    ) -> Letter:
        community = robot.community_id
        version = self._templates.newest(community, template)
        rendered = self._templates.render(template, robot.locale, said, version, community_id=community)
        return _letter(
            robot, rendered, message_id=id, template=template, version=version, urgent=urgent, category=category
        )

    def _lines(self, robot: Robot, letter: GroupLetter) -> str:
        item, grid = letter.item, None if letter.grid is None else self._areas.name(letter.grid)
        params = {
            **letter.said,
            "number": letter.number,
            "urgency": letter.urgency,
            "item": None if item is None else {"zh": item.zh, "en": item.en},
            "grid": None if grid is None else {"zh": grid.zh, "en": grid.en},
        }
        title, words = self._said(robot, letter, params)
        return two_lines(title, item, grid, letter.number, robot.locale, urgent=letter.urgent, words=words)

    def _said(self, robot: Robot, letter: GroupLetter, params: Mapping[str, Any]) -> tuple[str, str]:
        """The title and the words for groups; where a template needs more than it is given, only that there is news."""
        try:
            said = self._templates.render(
                letter.template,
                robot.locale,
                params,
                letter.version,
                community_id=letter.community_id,
                form=Form.GROUP,
            )
        except Exception:  # noqa: BLE001  whatever a template raises: a group is told all the same
            return (NEWS.zh if robot.locale.startswith("zh") else NEWS.en), ""
        return said.title, said.body


def _letter(robot: Robot, rendered: Rendered, *, thread: str = "", number: str = "", **of_it: Any) -> Letter:
    return Letter(
        community_id=robot.community_id,
        locale=robot.locale,
        title=rendered.title,
        body=rendered.body,
        params={},
        thread=thread,
        number=number,
        offer_id=None,
        **of_it,
    )
