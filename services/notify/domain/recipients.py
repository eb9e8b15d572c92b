"""The names of recipients: one account, one member, one person served, or everybody of a kind in a community."""

PERSON = "person"
"""What the name of somebody served begins with."""
OVERSEER = "overseer"
"""What the name of a chief begins with who asked to hear."""
_ONE_ACCOUNT = ("watcher:", f"{OVERSEER}:")


def account(account_id: str) -> str:
    """The recipient that is one account."""
    return f"account:{account_id}"


def member(member_id: str) -> str:
    """The recipient that is one member, whichever account they sign in with."""
    return f"member:{member_id}"


def person(person_id: str) -> str:
    """The recipient that is somebody served, by their own id: they may have no account, and read nothing here."""
    return f"{PERSON}:{person_id}"


def watcher(account_id: str) -> str:
    """The recipient that is one account as staff: it reads what is told to it while it is staff there."""
    return f"watcher:{account_id}"


def overseer(account_id: str) -> str:
    """The recipient that is one account as chief: it reads what is told to it while the block is theirs."""
    return f"{OVERSEER}:{account_id}"


def dispatchers(community_id: str) -> str:
    """The recipient that is everyone who dispatches in a community; each of them reads the same message."""
    return f"dispatchers:{community_id}"


def staff(community_id: str) -> str:
    """The recipient that is everyone who works for a community, wherever in it: what is told says not where it is."""
    return f"staff:{community_id}"


def protectors(community_id: str) -> str:
    """The recipient that is the small circle of a community which hears of suspected harm."""
    return f"protectors:{community_id}"


def district(community_id: str) -> str:
    """The recipient that is the district's contact for it."""
    return f"district:{community_id}"


def group(community_id: str) -> str:
    """The recipient that is the chat groups of an area of a community, by their robots."""
    return f"group:{community_id}"


def own_account(recipient: str) -> str:
    """The recipient that is the same account as nobody's staff and chief of nothing; any other is itself."""
    kind = next((one for one in _ONE_ACCOUNT if recipient.startswith(one)), None)
    return recipient if kind is None else account(recipient.removeprefix(kind))
