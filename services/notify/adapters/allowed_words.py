"""What a template may be made of: its syntax tree is held against a closed list before anything of it is run.

Jinja's own sandbox stays beneath it; this list leaves nothing for it to do. Source: jinja.palletsprojects.com, sandbox.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from contracts.words import Text
from services.notify.domain.variables import Holds

FILTERS = ("join", "code", "name")
TESTS = ("true", "false", "none", "defined")
DEEPEST = 12
"""Levels of the tree."""
MOST_LOOPS, LOOPS_DEEP = 4, 1
LOOP = "loop"
LOOP_PARTS = ("first", "last", "index")
LONGEST_SEPARATOR = 10
_COMPARISONS = frozenset({"eq", "ne"})
"""More could fail on values of different kinds, and a message that was planned has to be readable."""
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.And,
    nodes.Or,
    nodes.Not,
)


@dataclass(frozen=True)
class Mistake:
    """What may not stand there, and in which line."""

    code: str
    line: int
    sentence: Text


def mistakes(tree: nodes.Template, variables: Mapping[str, Holds]) -> Iterator[Mistake]:
    """Everything in *tree* that a template may not hold, in its order."""
    yield from _Walk(variables).of(tree, 0, frozenset())


def used(tree: nodes.Template) -> frozenset[str]:
    """The variables that are said somewhere, or asked about."""
    own = {one.target.name for one in tree.find_all(nodes.For) if isinstance(one.target, nodes.Name)}
    return frozenset(one.name for one in tree.find_all(nodes.Name) if one.ctx == "load") - own - {LOOP}


class _Walk:
    def __init__(self, variables: Mapping[str, Holds]) -> None:
        self._variables = variables
        self._loops = 0

    def of(self, node: nodes.Node, depth: int, own: frozenset[str], loops: int = 0) -> Iterator[Mistake]:
        """The mistakes in *node* and below; *own* are the names that loops around it gave."""
        if depth > DEEPEST:
            yield _at(node, "too-nested", "套得太深", "this is nested too deeply")
            return
        if isinstance(node, nodes.For):
            yield from self._loop(node, depth, own, loops)
            return
        found = list(self._alone(node, own))
        yield from found
        # What is wrong already needs no more words about its parts; the parts of loop.last were looked at with it.
        for child in () if found or isinstance(node, nodes.Getattr) else node.iter_child_nodes():
            yield from self.of(child, depth + 1, own, loops)

    def _loop(self, node: nodes.For, depth: int, own: frozenset[str], loops: int) -> Iterator[Mistake]:
        self._loops += 1
        if loops >= LOOPS_DEEP or self._loops > MOST_LOOPS:
            yield _at(node, "too-many-loops", "循环太多,或循环套循环", "there are too many loops, or one in another")
            return
        listed = isinstance(node.iter, nodes.Name) and self._variables.get(node.iter.name) is Holds.TEXTS
        if not listed:
            yield _at(node, "not-a-list", "只能对有多项的变量循环", "a loop goes over a variable with several values")
        if not isinstance(node.target, nodes.Name) or node.target.name in {*self._variables, LOOP}:
            yield _at(node, "not-allowed", "循环变量请另取一个名字", "a loop's variable needs a name of its own")
            return
        if node.recursive or node.test is not None:
            yield _at(node, "not-allowed", "循环里不能加条件或递归", "a loop has neither a condition nor recursion")
        inside = own | {node.target.name, LOOP}
        for child in (*node.body, *node.else_):
            yield from self.of(child, depth + 1, inside, loops + 1)

    def _alone(self, node: nodes.Node, own: frozenset[str]) -> Iterator[Mistake]:
        if isinstance(node, nodes.Name):
            if node.ctx != "load" or (node.name not in self._variables and node.name not in own):
                yield _at(node, "unknown-variable", f"没有变量 {node.name}", f"there is no variable {node.name}")
        elif isinstance(node, nodes.Filter | nodes.Test):
            yield from _filter_or_test(node)
        elif isinstance(node, nodes.Getattr):
            yield from _attribute(node, own)
        elif not (isinstance(node, _PLAIN) or _harmless(node)):
            name = type(node).__name__
            yield _at(node, "not-allowed", f"模板里不能这样用 {name}", f"{name} is not allowed here in a template")


def _harmless(node: nodes.Node) -> bool:
    """A plain value, a plain comparison, or the empty list that stands for a missing one."""
    if isinstance(node, nodes.Operand):
        return node.op in _COMPARISONS
    if isinstance(node, nodes.Const):
        return node.value is None or isinstance(node.value, str | int)
    return isinstance(node, nodes.List) and not node.items


def _filter_or_test(node: nodes.Filter | nodes.Test) -> Iterator[Mistake]:
    there: Iterable[str] = FILTERS if isinstance(node, nodes.Filter) else TESTS
    if node.name not in there or node.node is None:
        known = ", ".join(there)
        yield _at(node, "unknown-filter", f"不能用 {node.name},只有:{known}", f"{node.name} is none of: {known}")
    separator = node.name == "join" and len(node.args) == 1
    plain = not node.args or (separator and _is_separator(node.args[0]))
    if node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None or not plain:
        yield _at(node, "not-allowed", f"{node.name} 后面不能这样写", f"{node.name} does not take these arguments")


def _is_separator(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str) and len(node.value) <= LONGEST_SEPARATOR


def _attribute(node: nodes.Getattr, own: frozenset[str]) -> Iterator[Mistake]:
    of_loop = isinstance(node.node, nodes.Name) and node.node.name == LOOP and LOOP in own
    if not of_loop or node.attr not in LOOP_PARTS:
        yield _at(
            node,
            "not-allowed",
            "变量后面不能加点;只有 loop.first、loop.last、loop.index",
            "nothing follows a variable by a dot but loop.first, loop.last, loop.index",
        )


def _at(node: nodes.Node, code: str, zh: str, en: str) -> Mistake:
    return Mistake(code, node.lineno or 1, Text(zh, en))
