"""Names as people write them: any letters, ·, right-to-left; nothing that cannot be shown."""

from dataclasses import replace

from contracts.commands.tickets import NewPerson
from contracts.errors import Invalid
from contracts.words import Text

LONGEST = 80


def named(person: NewPerson, field: str) -> NewPerson:
    """The person with a name that can be shown; raises Invalid naming *field*."""
    name = "".join(char for char in person.name if char.isprintable()).strip()
    if not name or len(name) > LONGEST:
        raise Invalid(
            "name-needed",
            Text(zh="请写服务对象的姓名(80字以内)", en="a name is needed (80 characters at most)"),
            field=field,
        )
    return replace(person, name=name)
