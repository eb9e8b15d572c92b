"""The WSGI application: the resources, their guard, their description, their refusals."""

from flask import Flask, g, request

from chassis.ids import new_id
from gateway.api import (
    accounts,
    docs,
    inbox,
    live,
    masters,
    members,
    offers,
    openapi,
    problems,
    seats,
    sessions,
    ticket_records,
    tickets,
)
from gateway.api.desk import EXTENSION, Desk

_RESOURCES = (sessions, accounts, masters, members, tickets, ticket_records, offers, seats, inbox, live)


def make_app(desk: Desk) -> Flask:
    """The application around *desk*. Building it reads nothing and connects to nothing."""
    app = Flask("shiliu", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = desk.settings.http_body_limit
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = desk
    app.before_request(_begin)
    api = openapi.make_api(app)
    problems.register(app)
    for module in _RESOURCES:
        api.register_blueprint(module.blueprint)
    app.register_blueprint(docs.blueprint)
    app.extensions[docs.SPEC] = docs.keep(openapi.describe(app, api))
    return app


def _begin() -> None:
    environ = request.environ
    g.correlation_id = environ.get("shiliu.correlation_id") or new_id()
    if request.url_rule is not None:
        environ["shiliu.route"] = request.url_rule.rule
