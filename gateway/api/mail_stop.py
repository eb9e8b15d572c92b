"""The page that a mail leads to: no more mail of this kind, by one touch and without signing in (RFC 8058)."""

import re
from typing import Any

from flask import Response

from chassis.ids import new_id
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.commands.posts import StopMail
from contracts.errors import NotFound
from gateway.api.answers import NO_STORE
from gateway.api.bodies import resource
from gateway.api.desk import correlation_id, desk
from gateway.api.gate import requires
from gateway.api.marks import takes_form
from gateway.identity.permissions import Permission

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    **NO_STORE,
}
_HTML = "text/html; charset=utf-8"
_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>不再收这类邮件</title>
<meta name="viewport" content="width=device-width"></head><body>{said}</body></html>"""
_ASK = _PAGE.replace(
    "{said}",
    """<h1>不再收这类邮件? No more mail of this kind?</h1>
<form method="post"><button>不再发送 Stop</button></form>
<p>站内消息照常;以后可以在设置里改回来。Your inbox stays as it is, and your settings can undo it.</p>""",
)
_DONE = _PAGE.replace(
    "{said}",
    "<h1>好的,不再发了。</h1><p>Done: no more mail of this kind. 可以在设置里改回来 / your settings can undo it.</p>",
)
_OVER = _PAGE.replace(
    "{said}",
    "<h1>这个链接已失效。</h1><p>This link is over. 请登录后在设置里改 / please change it in your settings.</p>",
)

_OURS = re.compile(r"[A-Za-z0-9_-]{43,200}")
"""How a link of ours looks. Whether it is one is asked of notify, when the button is pressed."""

blueprint = resource("mail_stop", "退订邮件 / stop mail")


@blueprint.route("/mail/stop/<token>", methods=["GET"])
@requires(Permission.OPEN)
@blueprint.response(200, {"type": "string"}, content_type=_HTML)
@blueprint.alt_response(404, schema={"type": "string"}, content_type=_HTML, description="None of our links")
def ask(token: str) -> Any:
    """A page that asks once; a machine that only looks at the link changes nothing."""
    return _page(_ASK) if _OURS.fullmatch(token) else _page(_OVER, 404)


@blueprint.route("/mail/stop/<token>", methods=["POST"])
@requires(Permission.OPEN)
@takes_form
@blueprint.response(200, {"type": "string"}, content_type=_HTML)
@blueprint.alt_response(
    404, schema={"type": "string"}, content_type=_HTML, description="None of our links, or its message is forgotten"
)
def stop(token: str) -> Any:
    """No more mail of the kind of the mail that this link stood in. It can be done again and changes nothing more."""
    meta = Meta(actor=system_actor(""), command_id=new_id(), correlation_id=correlation_id())
    try:
        desk().rpc.call(StopMail(token=token), meta)
    except NotFound:
        return _page(_OVER, 404)
    return _page(_DONE)


def _page(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type=_HTML, headers=_HEADERS)
