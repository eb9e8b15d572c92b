"""A restored backup brings everybody back who was erased since: seen before the services serve, and undone."""

from collections.abc import Mapping

from contracts.words import Text
from deploy.audit.databases import Databases
from deploy.person.commands import do_again, erasures
from deploy.stack.stack import Say, Stack

VAULTS = ("tickets", "volunteers", "gateway")
"""The services whose databases remember for ever who was erased."""
ERASED = "persons_erased"


def forget_again(stack: Stack, say: Say) -> None:
    """Do every erasure again where a database knows nothing of one; its services must not serve before."""
    log = erasures(stack)
    everybody = log.everybody()
    ids = {id for some in everybody.values() for id in some}
    if ids and any(ids - known for known in _known(stack).values()):
        say(Text("已注销的人又出现了(恢复过备份?),正在重新注销", "an erased person is back (a backup?): erasing again"))
        do_again(stack)


def _known(stack: Stack) -> Mapping[str, set[str]]:
    settings = stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        return {service: set(databases.of(service)[ERASED].distinct("_id")) for service in VAULTS}
