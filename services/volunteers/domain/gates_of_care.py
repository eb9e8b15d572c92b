"""Gates that keep minors and children safe. Each is one small function; the table is in ``domain.gates``."""

from services.volunteers.domain.need import Candidate, Need


def grown_up(need: Need, candidate: Candidate) -> bool:
    """Grown up, where the order asks for adults."""
    return candidate.member.adult or not need.adult_only


def has_guardian(_: Need, candidate: Candidate) -> bool:
    """Grown up, or a guardian agreed and an adult is named who goes with them."""
    return candidate.member.may_serve


def by_daylight(need: Need, candidate: Candidate) -> bool:
    """Minors only between eight in the morning and eight in the evening."""
    return candidate.member.adult or need.daytime


def not_in_a_home(need: Need, candidate: Candidate) -> bool:
    """Minors only where the order says that it is in a public place."""
    return candidate.member.adult or need.in_public


def harmless(need: Need, candidate: Candidate) -> bool:
    """Minors never for what is risky, heavy, about cash, medical, a quarrel or an emergency."""
    return candidate.member.adult or not need.risks


def accompanied(need: Need, candidate: Candidate) -> bool:
    """Minors only when their named adult has a seat of this order already."""
    return on_their_own(candidate) or candidate.member.with_adult in need.crew


def on_their_own(candidate: Candidate) -> bool:
    """Nobody has to go with them."""
    return candidate.member.adult


def vetted(need: Need, candidate: Candidate) -> bool:
    """For a child only adults whose check is on file with a date that has not passed."""
    member = candidate.member
    checked = member.vetted_until is not None and member.vetted_until >= need.today
    return not need.for_child or (member.adult and checked)
