"""What a text from a chat may be about: proposed to staff, who choose. Nothing of it is kept."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import STAFF
from contracts.commands import Call, Outcome
from contracts.commands.intake import ReadPasted
from contracts.errors import Invalid, NotFound
from contracts.words import Text, Urgency
from services.tickets.application.intake_ports import AreaTree, Shelf
from services.tickets.application.ports import Communities
from services.tickets.domain.danger import answered, means_danger
from services.tickets.domain.likely_items import likely_items
from services.tickets.domain.spoken_places import likely_places


class Pasting:
    """``read_pasted``."""

    def __init__(self, communities: Communities, shelf: Shelf, tree: AreaTree) -> None:
        self._communities = communities
        self._shelf = shelf
        self._tree = tree

    def read(self, call: Call[ReadPasted]) -> Outcome:
        """Danger first; then the likeliest items that can be ordered, and the places where the actor works."""
        text, actor = call.command.text, call.meta.actor
        community = self._communities.get(actor.community_id)
        if community is None:
            raise NotFound("no-such-community", Text(zh="没有这个社区", en="there is no such community"))
        if not text.strip():
            raise Invalid("text-needed", Text(zh="请粘贴群里的文字", en="paste a text"), field="text")
        items = [item for item in self._shelf.of(community.id) if item.orderable and not item.retired]
        likely = likely_items(text, items)
        mine = [area for area in self._tree.of(community.id) if actor.has(STAFF, area.path)]
        danger = means_danger(text, (word for one in likely for word in one.item.danger_words))
        urgency = likely[0].item.urgency if likely else Urgency.ORDINARY
        said: Mapping[str, Any] = answered(Urgency.EMERGENCY if danger else urgency)
        return Outcome(
            {
                "items": [
                    {"item_id": one.item.id, "name": _both(one.item.name), "likeness": one.likeness} for one in likely
                ],
                "areas": [{"area_id": area.id, "name": _both(area.name)} for area in likely_places(text, mine)],
                "urgency": Urgency.EMERGENCY.value if danger else urgency.value,
                "danger": said.get("danger"),
            }
        )


def _both(text: Text) -> Mapping[str, str]:
    return {"zh": text.zh, "en": text.en}
