"""The gateway's desk around a fake client of the services, on any database, or on none."""

from datetime import timedelta
from functools import cache
from typing import Any, cast

from flask import Flask
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from chassis.settings import Secret, Settings
from gateway.api.app import make_app
from gateway.api.desk import EXTENSION, Desk
from gateway.figures.count import Figures
from gateway.figures.formulas import read_formulas
from gateway.figures.spread import Spreads
from gateway.identity.identity import make_identity
from gateway.limits.limiter import Limiter
from gateway.limits.limits import Limits
from gateway.pictures.drawing import Drawing
from gateway.pictures.files import Files
from gateway.pictures.redraw import Bounds
from gateway.pictures.store import Pictures, Quota
from gateway.stream.fanout import Fanout
from gateway.stream.store import StreamStore
from gateway.views.ledger import LedgerViews
from gateway.views.others import MasterViews, OfferViews
from gateway.views.projector import VIEWS, Projector
from gateway.views.tasks import TaskViews
from gateway.views.tickets import TicketViews
from gateway.views.week import WeekViews
from tests.builders import NOON
from tests.fakes.clock import FixedClock
from tests.fakes.rpc import FakeRpc
from tests.fakes.vault import FakeVault

SETTINGS = Settings(
    token_key=Secret("a key that only the tests of the house sign with"),
    argon2_time_cost=1,
    argon2_memory_kib=8,
    http_body_limit=20_000,
    http_upload_limit=25_000,
)
NOW = 1_800_000_000.0


class NoDatabase:
    """A database that cannot be reached; whatever is asked of a collection fails as the driver's calls do."""

    def __getitem__(self, name: str) -> Any:
        return _NoCollection()


class _NoCollection:
    def with_options(self, **_: Any) -> "_NoCollection":
        return self

    def __getattr__(self, operation: str) -> Any:
        def away(*_: Any, **__: Any) -> Any:
            raise AutoReconnect(f"{operation}: there is no database here")

        return away


class PlainSeals:
    """A vault that hides nothing but holds to its contexts."""

    def seal(self, person: str, text: str, context: str) -> bytes:
        """The text with its context."""
        return f"{person}|{context}|{text}".encode()

    def open(self, blob: bytes, context: str) -> str:
        """The text; AssertionError for another context."""
        _, bound, text = blob.decode().split("|", 2)
        assert bound == context
        return text

    def index(self, text: str, context: str) -> str:
        """Equal for equal texts."""
        return f"index of {context}/{text}"


class Well:
    """A process that is ready, or says why not."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.degraded: list[str] = []

    def ready(self) -> list[str]:
        """The reasons."""
        return [*self.reasons, *self.degraded]

    def useless(self) -> list[str]:
        """The reasons that count for people."""
        return self.reasons


def some_pictures(db: Database[dict[str, Any]], vault: FakeVault | None = None) -> Pictures:
    """A store of pictures, five of an order at most, two of who ordered."""
    return Pictures(db, Files(db, vault or FakeVault()), Quota(order=5, requester=2), FixedClock(NOON))


def a_desk(db: Database[dict[str, Any]] | None = None, rpc: FakeRpc | None = None, **changes: Any) -> Desk:
    """A desk whose clock stands still; passwords are compared in this thread."""
    db = cast("Database[dict[str, Any]]", NoDatabase()) if db is None else db
    rpc = rpc or FakeRpc()
    identity = make_identity(
        db,
        SETTINGS,
        rpc=rpc,
        seals=PlainSeals,
        now=changes.pop("identity_now", lambda: NOW),
        run=lambda work, *args: work(*args),
        spawn=lambda work, *args: work(*args),
    )
    values: dict[str, Any] = {
        "settings": SETTINGS,
        "rpc": rpc,
        "project": Projector({view: db[view] for view in VIEWS}).show,
        "tasks": TaskViews(db["tickets"]),
        "weeks": WeekViews(db, lambda: NOON),
        "tickets": TicketViews(db["tickets"], db["offers"], db["members"], db["teams"]),
        "ledger": LedgerViews(db["tickets"]),
        "offers": OfferViews(db["offers"], db["teams"]),
        "masters": MasterViews(db),
        "pictures": some_pictures(db),
        "drawing": Drawing(Bounds(4_000_000, 400, 64), run=lambda work, *args: work(*args)),
        "identity": identity,
        "stream": StreamStore(db["stream"], db["tickets"]),
        "fanout": Fanout(),
        "limits": Limits(Limiter(db["rates"], SETTINGS.token_key, now=lambda: NOW), account={}, address={}),
        "figures": Figures(
            db["tickets"],
            Spreads(db),
            read_formulas(),
            lambda: NOON + timedelta(days=30),
        ),
        "health": Well(),
        "now": lambda: NOW,
        **changes,
    }
    return Desk(**values)


def an_app(desk: Desk) -> Flask:
    """The application around *desk* alone, from now on: one for all tests, since describing it takes 0.1 s."""
    app = _application()
    app.extensions[EXTENSION] = desk
    app.config["MAX_CONTENT_LENGTH"] = desk.settings.http_body_limit
    return app


@cache
def _application() -> Flask:
    return make_app(a_desk())
