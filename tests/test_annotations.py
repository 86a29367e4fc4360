"""What everybody may call says what it promises, and in which types."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import PACKAGES, Function, module_name, python_files, tree_of

MODULES = python_files(*PACKAGES)


def public_definitions(node: ast.AST, name: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Yield (dotted name, definition) of all public functions, classes and methods; what functions hold is private."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_"):
            continue
        yield f"{name}{child.name}", child
        if isinstance(child, ast.ClassDef):
            yield from public_definitions(child, f"{name}{child.name}.")


def unannotated(function: Function) -> list[str]:
    """Return the arguments of a function that have no type, and "return" when its result has none."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    bare = [argument.arg for argument in every if argument and argument.annotation is None]
    return [name for name in bare if name not in ("self", "cls")] + (["return"] if function.returns is None else [])


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_everything_public_has_a_docstring_that_is_a_sentence(path: Path) -> None:
    mute = [
        name
        for name, definition in public_definitions(tree_of(path))
        if not (ast.get_docstring(definition) or "").split("\n\n")[0].rstrip().endswith((".", ":", "?"))
    ]
    assert mute == []


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_every_function_has_types(path: Path) -> None:
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, Function)]
    assert {function.name: names for function in functions if (names := unannotated(function))} == {}
