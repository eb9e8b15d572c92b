"""What all pages share that are printed for people: large type, one page each, any direction of writing."""

import html

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ug", "ur", "yi"})
"""Languages that are written from right to left."""


def direction(locale: str) -> str:
    """``rtl`` or ``ltr``, as the page's own mark."""
    return "rtl" if locale.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def bdi(text: str) -> str:
    """Text of any direction, which does not turn what stands beside it."""
    return f"<bdi>{html.escape(text)}</bdi>"


def document(title: str, style: str, body: str) -> str:
    """A whole page; *style* and *body* are ours, the title is text."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{style}</style></head><body>{body}</body></html>"
    )
