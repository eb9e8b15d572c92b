"""Brokers that somebody else runs: asked whether they are there before anything is started."""

from urllib.parse import urlsplit

from pymongo.errors import PyMongoError

from deploy.stack import mongo, rabbit
from deploy.stack.failure import StackError


def require(amqp_url: str, mongo_url: str) -> None:
    """Check the addresses that are given; StackError names the variable, the address (without password) and why."""
    if amqp_url:
        require_amqp(amqp_url)
    if mongo_url:
        require_mongo(mongo_url)


def require_amqp(url: str) -> None:
    """Log in to the message broker at *url*."""
    try:
        rabbit.login(url, timeout=5.0)
    except (ValueError, *rabbit.BROKER_ERRORS) as problem:
        raise _failure("SHILIU_AMQP_URL", url, problem) from problem


def require_mongo(url: str) -> None:
    """Find the primary of the replica set at *url*."""
    try:
        mongo.reachable(url)
    except (ValueError, PyMongoError) as problem:
        raise _failure("SHILIU_MONGO_URL", url, problem) from problem


def without_password(url: str) -> str:
    """*url* as far as it may be shown: scheme, host and path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _failure(variable: str, url: str, problem: Exception) -> StackError:
    shown = without_password(url)
    why = (str(problem).splitlines() or [""])[0].partition(" (configured timeouts")[0][:200] or type(problem).__name__
    return StackError(
        f"{variable} 指向的 {shown} 用不了({why}):请改正或取消这个变量,或先启动那边的服务",
        f"{shown}, named by {variable}, cannot be used ({why}): correct or unset it, or start what should be there",
    )
