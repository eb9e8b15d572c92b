"""The gateway: HTTP on Flask, views from events, accounts, the live stream; put together here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask

from chassis.gear import Gear, Job, Parts, Resources
from chassis.retention import operators
from chassis.rpc import command
from chassis.settings import Settings
from contracts.commands import Call, Outcome
from contracts.commands.contacts import ReadAccountContacts
from gateway.api.app import make_app, uploads
from gateway.api.desk import EXTENSION, Desk
from gateway.api.door import door
from gateway.exports.verb import operate as export_table
from gateway.figures.count import Figures
from gateway.figures.formulas import read_formulas
from gateway.figures.spread import Spreads
from gateway.handlers import Handlers
from gateway.identity.identity import make_identity
from gateway.limits.limiter import COLLECTION as RATES
from gateway.limits.limiter import Limiter
from gateway.limits.limits import Limits
from gateway.operations import keep_staff_account, print_tokens, rebuild_view, sign_out
from gateway.person import GatewayRights
from gateway.pictures.drawing import Drawing
from gateway.pictures.files import Files
from gateway.pictures.redraw import Bounds
from gateway.pictures.retention import rules as picture_rules
from gateway.pictures.store import Pictures, Quota
from gateway.rpc import GatewayRpc
from gateway.sealed import sealed_collections
from gateway.stream.fanout import Fanout
from gateway.stream.following import Following
from gateway.stream.store import StreamStore
from gateway.stream.tail import Tail
from gateway.views.indexes import indexes
from gateway.views.ledger import LedgerViews
from gateway.views.others import MasterViews, OfferViews
from gateway.views.projector import VIEWS, Projector
from gateway.views.retention import offers as old_offers
from gateway.views.tasks import TaskViews
from gateway.views.tickets import TicketViews
from gateway.views.week import WeekViews


class Live:
    """The tail and its subscribers, as one loop: a stop ends the streams."""

    def __init__(self, tail: Tail, fanout: Fanout) -> None:
        self._tail = tail
        self._fanout = fanout

    def start(self) -> None:
        """Begin to listen."""
        self._tail.start()

    def stop(self) -> None:
        """End the streams and the tail."""
        self._fanout.close()
        self._tail.stop()

    def why_not_ready(self) -> str | None:
        """The reason for the readiness check."""
        return None if self._tail.ready else "还没有接上实时动态 / the change stream is not open"


def build(resources: Resources) -> Parts:
    """Wire the gateway; raises SettingsError when the token key is missing."""
    db = resources.db
    stream = StreamStore(db["stream"], db["tickets"])
    fanout = Fanout(per_account=resources.settings.http_streams_per_account)
    projector = Projector({view: db[view] for view in VIEWS})
    desk = make_desk(resources, projector, stream, fanout)
    handlers = Handlers(projector, desk.accounts, stream, desk.identity.rest)
    revocations = desk.identity.revocations
    revocations.tell(of_account=fanout.wake_account, of_session=fanout.wake_session)
    following = Following(fanout, desk.accounts, revocations)
    live = Live(Tail(db, following.inserted, following.changed, following.lost), fanout)
    resources.health.add("stream", live.why_not_ready)
    resources.health.add("sessions", revocations.why_not_ready)
    app: Flask = make_app(desk)
    return Parts(
        app=app,
        handlers={
            "project": handlers.project,
            "keep_account": handlers.keep_account,
            "rest_account": handlers.rest_account,
            "stream": handlers.stream,
        },
        indexes=indexes(resources.settings.retention_stream_days),
        sealed=sealed_collections(lambda text, context: resources.vault.index(text, context)),
        retention=(
            *picture_rules(desk.pictures, resources.settings),
            old_offers(db, resources.settings),
            operators(db, resources.settings),
        ),
        person=GatewayRights(db, resources.vault, desk.identity, desk.pictures),
        wsgi=app,
        uploads=uploads(app),
        door=door(app),
        jobs=(
            Job("revocations", resources.settings.revocation_interval, revocations.look),
            Job("rates", resources.settings.rate_share_interval, desk.limits.limiter.share),
        ),
        loops=[live],
    )


def make_desk(resources: Resources, projector: Projector, stream: StreamStore, fanout: Fanout) -> Desk:
    """What the routes work with."""
    db, settings = resources.db, resources.settings
    now = resources.real.now
    return Desk(
        settings=settings,
        rpc=resources.rpc,
        project=projector.show,
        tickets=TicketViews(db["tickets"], db["offers"], db["members"], db["teams"]),
        ledger=LedgerViews(db["tickets"]),
        offers=OfferViews(db["offers"], db["teams"]),
        tasks=TaskViews(db["tickets"]),
        weeks=WeekViews(db, resources.clock.now),
        masters=MasterViews(db),
        pictures=make_pictures(resources),
        drawing=Drawing(Bounds(settings.picture_pixels, settings.picture_side, settings.picture_small_side)),
        identity=make_identity(db, settings, rpc=resources.rpc, seals=lambda: resources.vault, now=now),
        stream=stream,
        fanout=fanout,
        limits=Limits.from_settings(settings, Limiter(db[RATES], settings.token_key, now=resources.real.now)),
        figures=Figures(db["tickets"], Spreads(db), read_formulas(), resources.clock.now),
        health=resources.health,
        now=now,
    )


def make_pictures(resources: Resources) -> Pictures:
    """The store of pictures; the vault is opened when the first picture comes."""
    settings = resources.settings
    quota = Quota(settings.pictures_of_order, settings.pictures_of_requester)
    return Pictures(resources.db, Files(resources.db, resources.vault), quota, resources.clock)


class GatewayService(GatewayRpc):
    """HTTP and the inbox run in the gear; by RPC notify alone asks where accounts are reached and as whom they act."""

    name = "gateway"
    app: Any = Gear(build)

    @command(ReadAccountContacts)
    def read_account_contacts(self, call: Call[ReadAccountContacts]) -> Outcome:
        """Where accounts are reached, for notify."""
        desk: Desk = self.app.extensions[EXTENSION]
        return desk.identity.reached.read(call)


SERVICE = GatewayService
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {
    "token": print_tokens,
    "sign-out": sign_out,
    "account": keep_staff_account,
    "rebuild": rebuild_view,
    "export": export_table,
}
