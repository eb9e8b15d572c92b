"""What a view says of itself, for the guard, the limits, the description and the tests."""

from collections.abc import Callable
from typing import Any, TypeVar

from gateway.limits.policy import RouteClass

MARK = "permission"
"""The attribute by which tests and the documentation find a route's permission."""
FILES = "takes_files"
"""The attribute of a view that takes a file."""
FORM = "takes_form"
"""The attribute of a view whose body is no matter: a page's own form, or a mail program's one click."""
CLASS = "rate_class"
"""The attribute of a view that counts as another class than its method says; empty: it does not count."""

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Its body is no JSON, and may have settings.http_upload_limit bytes. Stands below ``requires``."""
    setattr(view, FILES, True)
    return view


def takes_form(view: View) -> View:
    """Its body may be a form's and is not read. Stands below ``requires``."""
    setattr(view, FORM, True)
    return view


def counts_as(kind: RouteClass | None) -> Callable[[View], View]:
    """Count the route's requests as *kind*, or not at all. Stands below ``requires``."""

    def decorate(view: View) -> View:
        setattr(view, CLASS, "" if kind is None else kind.value)
        return view

    return decorate
