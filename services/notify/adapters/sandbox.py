"""Words are put together here: in a sandbox, within bounds, with everything inserted isolated (Unicode UAX 9)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from contracts.words import Text
from services.notify.adapters.allowed_words import TESTS, Mistake, mistakes, used
from services.notify.domain.bidi import Isolated, isolated
from services.notify.domain.locales import direction
from services.notify.domain.variables import VARIABLES, Holds, Variable

MOST_RENDERED = 4_000
"""Characters of one text; no person reads a longer message."""
ELLIPSIS = "…"
Codes = Mapping[str, Mapping[str, str]]
Speak = Callable[[Mapping[str, str]], str]


class TooLong(Exception):
    """What a template makes of these values is longer than any message may be; ``text`` is as much as may be."""

    def __init__(self, text: str) -> None:
        super().__init__("too long")
        self.text = text


class Sandbox:
    """Reads, checks and renders templates; *codes* are coded words in each language they are there in."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._environments: dict[tuple[str, str], ImmutableSandboxedEnvironment] = {}

    def mistakes(self, source: str, variables: Mapping[str, Holds]) -> Iterator[Mistake]:
        """Everything for which *source* cannot be used with these variables."""
        try:
            tree = self._of("zh-CN").parse(source)
        except TemplateError as error:
            said = error.message or ""
            yield Mistake("broken-template", getattr(error, "lineno", 1), Text(f"写法不对:{said}", f"broken: {said}"))
        except (RecursionError, ValueError, MemoryError, OverflowError):
            yield Mistake("broken-template", 1, Text("写法不对,读不懂", "this cannot be read"))
        else:
            yield from mistakes(tree, variables)

    def used(self, source: str) -> frozenset[str]:
        """The variables that a template without mistakes uses."""
        return used(self._of("zh-CN").parse(source))

    def compiled(self, source: str, locale: str) -> Template:
        """Ready to be rendered; *source* has no mistakes."""
        environment = self._of(locale)
        tree: nodes.Template = environment.parse(source)
        return environment.from_string(tree)

    def values(self, variables: Iterable[str], params: Mapping[str, Any], locale: str) -> dict[str, Any]:
        """What *variables* are in the words of *locale*; empty where the event did not give one."""
        speak = speaker(locale)
        return {name: _within(_as_declared(name, params.get(name)), speak, VARIABLES.get(name)) for name in variables}

    def _of(self, locale: str) -> ImmutableSandboxedEnvironment:
        key = (locale.partition("-")[0], direction(locale))
        if key not in self._environments:
            self._environments[key] = _environment(speaker(locale), key[1], self._codes)
        return self._environments[key]


def rendered(template: Template, values: Mapping[str, Any]) -> str:
    """The text; raises TooLong, and jinja2's UndefinedError for a variable that is not among *values*."""
    text = ""
    for piece in template.generate(**values):
        text += piece
        if len(text) > MOST_RENDERED:
            raise TooLong(text[:MOST_RENDERED])
    return text


@cache
def speaker(locale: str) -> Speak:
    """Says a text that is there in several languages in that of *locale*; where it is not, in Chinese."""
    language = locale.partition("-")[0]

    def said(both: Mapping[str, str]) -> str:
        return str(both.get(language) or both.get("zh") or "")

    return said


def _environment(speak: Speak, way: str, codes: Codes) -> ImmutableSandboxedEnvironment:
    def inserted(value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return ""
        return value if isinstance(value, Isolated) else isolated(str(value), way)

    def join(values: Any, separator: str = "") -> Any:
        if not isinstance(values, list):
            return inserted(values)
        return Isolated(separator.join(inserted(value) for value in values))

    def code(value: Any) -> Any:
        return inserted(speak(codes.get(str(value).replace("-", "_"), {})) or value)

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, finalize=inserted, keep_trailing_newline=False
    )
    environment.globals.clear()
    environment.filters = {"join": join, "code": code, "name": inserted}
    environment.tests = {name: test for name, test in environment.tests.items() if name in TESTS}
    return environment


def _as_declared(name: str, value: Any) -> Any:
    """A list where one is declared: a loop over anything else would be an error of who reads an old message."""
    variable = VARIABLES.get(name)
    if variable is None or variable.holds is not Holds.TEXTS or isinstance(value, list | tuple):
        return value
    return [] if value is None else [value]


def _within(value: Any, speak: Speak, bounds: Variable | None) -> Any:
    """One language, and no more than fits: a list is cut, and so is a text."""
    most, longest = (Variable.most, Variable.longest) if bounds is None else (bounds.most, bounds.longest)
    if isinstance(value, Mapping):
        return _within(speak(value), speak, bounds)
    if isinstance(value, list | tuple):
        return [_within(one, speak, bounds) for one in value[:most]]
    if isinstance(value, str) and len(value) > longest:
        return value[:longest] + ELLIPSIS
    return value
