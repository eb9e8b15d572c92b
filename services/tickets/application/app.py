"""All use cases of tickets, as its entrypoints call them."""

from dataclasses import dataclass

from services.tickets.application.arriving import Arriving
from services.tickets.application.calling import Calling
from services.tickets.application.cash import Cash
from services.tickets.application.circles import Circles
from services.tickets.application.climbing import Climbing
from services.tickets.application.complaints import Reporters
from services.tickets.application.consenting import Consenting
from services.tickets.application.counter import Counter
from services.tickets.application.handling import Handling
from services.tickets.application.harm import Harm
from services.tickets.application.joining import Joining
from services.tickets.application.ledger import Ledger
from services.tickets.application.merging import Merging
from services.tickets.application.own_reveals import OwnReveals
from services.tickets.application.parts import PartCases
from services.tickets.application.pasting import Pasting
from services.tickets.application.people import PeopleCases
from services.tickets.application.people_reads import PeopleReads
from services.tickets.application.pictures import Pictures
from services.tickets.application.placing import Placing
from services.tickets.application.pleas import PleaCases
from services.tickets.application.pleas_in import TakingPleas
from services.tickets.application.private_reads import PrivateReads
from services.tickets.application.public_answers import PublicAnswers
from services.tickets.application.reaching import Reaching
from services.tickets.application.reactions import Reactions
from services.tickets.application.registering import Registering
from services.tickets.application.results import Results
from services.tickets.application.similar import Similar
from services.tickets.application.steps import Steps
from services.tickets.application.talk import Talk
from services.tickets.application.upstream_desk import UpstreamDesk
from services.tickets.application.visits import Visiting


@dataclass(frozen=True)
class TicketsApplication:
    """Orders in, steps, reactions, private reads, who may add and see pictures, and the people served."""

    placing: Placing
    handling: Handling
    pasting: Pasting
    calling: Calling
    steps: Steps
    reactions: Reactions
    reads: PrivateReads
    pictures: Pictures
    registering: Registering
    people: PeopleCases
    people_reads: PeopleReads
    consenting: Consenting
    circles: Circles
    reporters: Reporters
    own_reveals: OwnReveals
    ledger: Ledger
    cash: Cash
    merging: Merging
    joining: Joining
    similar: Similar
    results: Results
    talk: Talk
    public_answers: PublicAnswers
    climbing: Climbing
    upstream: UpstreamDesk
    counter: Counter
    parts: PartCases
    arriving: Arriving
    visiting: Visiting
    harm: Harm
    pleas: PleaCases
    pleas_in: TakingPleas
    reaching: Reaching
