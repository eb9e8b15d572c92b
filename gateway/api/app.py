"""The WSGI application: the resources, their guard, their description, their refusals."""

from collections.abc import Callable

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException

from chassis.ids import new_id
from gateway.api import (
    absences,
    accounts,
    cash,
    clients,
    contacts,
    cors,
    counter,
    credentials,
    docs,
    event_types,
    explaining,
    figures,
    following,
    handled,
    hands_on,
    harm,
    hours,
    inbox,
    intake,
    keeping,
    ladder,
    ledger,
    live,
    mail_stop,
    masters,
    members,
    merging,
    notice_words,
    notices,
    offers,
    openapi,
    people,
    pictures,
    pleas,
    preferences,
    problems,
    profile,
    public_answers,
    rates,
    results,
    reveals,
    robots,
    rosters,
    seats,
    sessions,
    sheets,
    slips,
    sms_callbacks,
    talk,
    ticket_records,
    tickets,
    upstream,
    visits,
    webhook_oversight,
    webhooks,
    wechat,
    weeks,
)
from gateway.api.desk import EXTENSION, Desk
from gateway.api.marks import FILES

_RESOURCES = (
    sessions,
    sheets,
    credentials,
    accounts,
    clients,
    masters,
    members,
    tickets,
    handled,
    merging,
    intake,
    ladder,
    counter,
    ticket_records,
    talk,
    public_answers,
    results,
    reveals,
    ledger,
    pictures,
    cash,
    people,
    hours,
    profile,
    preferences,
    contacts,
    keeping,
    offers,
    seats,
    rosters,
    robots,
    inbox,
    notice_words,
    notices,
    sms_callbacks,
    mail_stop,
    wechat,
    live,
    event_types,
    figures,
    upstream,
    visits,
    hands_on,
    explaining,
    absences,
    harm,
    pleas,
    weeks,
    following,
    webhooks,
    webhook_oversight,
    slips,
)


def make_app(desk: Desk) -> Flask:
    """The application around *desk*. Building it reads nothing and connects to nothing."""
    app = Flask("shiliu", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = desk.settings.http_body_limit
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = desk
    app.before_request(_begin)
    app.before_request(cors.preflight)
    app.after_request(cors.share)
    app.after_request(rates.tell)
    api = openapi.make_api(app)
    problems.register(app)
    for module in _RESOURCES:
        api.register_blueprint(module.blueprint)
    app.register_blueprint(docs.blueprint)
    app.extensions[docs.SPEC] = docs.keep(openapi.describe(app, api))
    return app


def uploads(app: Flask) -> Callable[[str, str], bool]:
    """Says of a method and a path whether a route of *app* takes a file there."""
    addresses = app.url_map.bind("")

    def takes_file(method: str, path: str) -> bool:
        try:
            endpoint, _ = addresses.match(path, method)
        except HTTPException:
            return False
        return _takes_files(app, endpoint)

    return takes_file


def _takes_files(app: Flask, endpoint: str | None) -> bool:
    return endpoint is not None and bool(getattr(app.view_functions[endpoint], FILES, False))


def _begin() -> None:
    environ = request.environ
    g.correlation_id = environ.get("shiliu.correlation_id") or new_id()
    if request.url_rule is not None:
        environ["shiliu.route"] = request.url_rule.rule
        if _takes_files(current_app, request.endpoint):
            desk: Desk = current_app.extensions[EXTENSION]
            request.max_content_length = desk.settings.http_upload_limit
    rates.count_address()
