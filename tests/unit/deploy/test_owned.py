"""What the audit expects an owner's document to say is what the owner says."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.audit.owned import OWNED
from services.volunteers.adapters.codecs import MemberCodec
from services.volunteers.domain.member import Member
from tests.unit.volunteers.builders import a_member

MEMBERS = next(owned for owned in OWNED if owned.aggregate == "member")


@pytest.mark.parametrize("changes", [{}, {"serving": False}, {"serving": False, "erased": True, "roles": ()}])
def test_a_member_who_serves_has_left_or_is_erased(changes: dict[str, Any]) -> None:
    member: Member = replace(a_member("m1", roles=("member", "duty")), **changes)
    says = MEMBERS.says({"_id": "m1", **MemberCodec().to_doc(member)})
    assert says["roles"] == list(member.snapshot().roles)
