"""Commands about an endpoint: what it remembers of them, and the answer where there is none."""

from dataclasses import replace

from contracts.commands import Meta
from contracts.errors import KeyReused, NotFound
from contracts.words import Text
from services.notify.domain.endpoint import Endpoint

MOST_REMEMBERED = 32


def memory(meta: Meta) -> str:
    """A command with its body."""
    return f"{meta.command_id}:{meta.body_hash}"


def remembering(endpoint: Endpoint, meta: Meta) -> Endpoint:
    """With this command, of the last ones."""
    return replace(endpoint, done=(*endpoint.done, memory(meta))[-MOST_REMEMBERED:])


def done_before(endpoint: Endpoint, meta: Meta) -> bool:
    """Was this very command done? Raises KeyReused where its id came with another body."""
    if any(one.startswith(f"{meta.command_id}:") and one != memory(meta) for one in endpoint.done):
        raise KeyReused("key-reused", Text("这个请求编号已经用过", "this idempotency key was used before"))
    return memory(meta) in endpoint.done


def not_found() -> NotFound:
    """Whoever else's endpoint it is."""
    return NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
