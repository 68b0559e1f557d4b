"""Figures of the layout: `python -m tests.house_figures [DIRECTORY]`, a checkout of any commit.

Imports are those between modules of `bot` and `model_intelligence`, including imports inside
functions and excluding those under TYPE_CHECKING; an `__init__.py` without code is no module.
A chain is counted in modules, a function from `def` to its last line.
"""

import ast
import io
import re
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from statistics import fmean, median, quantiles

PACKAGES = ("bot", "model_intelligence")
CAMEL_CASE = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
PRAGMA = re.compile(r"#\s*(noqa|type:|ruff:|fmt:|mypy:|pragma:)")
NOT_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}

Sources = Mapping[str, str]  # a module's path from the root of the checkout: its text
Graph = Mapping[str, set[str]]  # a module: the modules of ours that it imports


def read_sources(checkout: Path, *packages: str) -> dict[str, str]:
    """Every module of the packages, by its path."""
    paths = (path for name in packages for path in sorted((checkout / name).rglob("*.py")))
    return {str(path.relative_to(checkout)): path.read_text(encoding="utf-8") for path in paths}


@cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


def flat_files(paths: Iterable[str]) -> Counter[str]:
    """How many modules lie in each folder itself, `__init__.py` not counted."""
    return Counter(str(Path(path).parent) for path in paths if not path.endswith("__init__.py"))


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def nodes_at_runtime(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, except what only a type checker reads."""
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from nodes_at_runtime(child)


def import_graph(sources: Sources) -> dict[str, set[str]]:
    """Imports among the modules, also those inside functions; packages without code left out."""
    names = {module_name(path) for path in sources}
    graph = {}
    for path, text in sources.items():
        imported = set()
        for node in nodes_at_runtime(parsed(text)):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                # `from package import thing`: a module if there is one, else a name of the package
                members = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
                imported |= {name if name in names else node.module for name in members.values()}
        if not path.endswith("__init__.py") or len(parsed(text).body) > 1:
            graph[module_name(path)] = imported & names - {module_name(path)}
    return graph


def longest_chain(graph: Graph) -> list[str]:
    """The longest way along imports, the importing module first; raises ValueError on a cycle."""
    chains: dict[str, list[str]] = {}

    def chain_from(module: str, above: tuple[str, ...]) -> list[str]:
        if module in above:
            raise ValueError(f"an import cycle: {' > '.join((*above, module))}")
        if module not in chains:
            below = (chain_from(name, (*above, module)) for name in sorted(graph.get(module, ())))
            chains[module] = [module, *max(below, key=len, default=[])]
        return chains[module]

    return max((chain_from(module, ()) for module in graph), key=len, default=[])


def function_lengths(sources: Sources) -> list[int]:
    """Lines from `def` to the last one, methods and nested functions as well."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for text in sources.values()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def percentile_90(lengths: list[int]) -> float:
    return quantiles(lengths, n=10)[-1]


def comments_per_100_lines(sources: Sources) -> float:
    """Comments, of lines of code that are neither blank nor a docstring nor a comment."""
    comments = code = 0
    for text in sources.values():
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        comments += sum(
            token.type == tokenize.COMMENT and not PRAGMA.match(token.string) for token in tokens
        )
        lines = {
            line
            for token in tokens
            if token.type not in NOT_CODE
            for line in range(token.start[0], token.end[0] + 1)
        }
        code += len(lines - docstring_lines(text))
    return 100 * comments / code


def docstring_lines(text: str) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(parsed(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str()), lineno=first, end_lineno=last):
                lines.update(range(first, (last or first) + 1))
            case _:
                pass
    return lines


def public_types(text: str) -> Iterator[str]:
    """Classes and CamelCase aliases at the top of a module."""
    for node in parsed(text).body:
        match node:
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case _:  # `type Name = …`, which Python 3.11 does not have
                names = [node.name.id] if type(node).__name__ == "TypeAlias" else []  # type: ignore[attr-defined]
        yield from (name for name in names if CAMEL_CASE.fullmatch(name))


def duplicate_types(sources: Sources) -> dict[str, list[str]]:
    """Each public type name with more than one definition, and where these are."""
    places = defaultdict(list)
    for path, text in sources.items():
        for name in public_types(text):
            places[name].append(path)
    return {name: paths for name, paths in sorted(places.items()) if len(paths) > 1}


def figures(sources: Sources) -> Iterator[str]:
    """A line for each figure."""
    crowded = flat_files(sources).most_common(5)
    yield "files flat: " + ", ".join(f"{count} {folder}/" for folder, count in crowded)
    graph = import_graph(sources)
    chain = longest_chain(graph)
    yield f"longest import chain: {len(chain)} modules, from {chain[0]} to {chain[-1]}"
    imports = {module: len(names) for module, names in graph.items()}
    most, mean = max(imports, key=imports.__getitem__), fmean(imports.values())
    yield f"own imports per module: mean {mean:.2f}, max {imports[most]} ({most})"
    lengths = function_lengths(sources)
    yield (
        f"functions: {len(lengths)}, median {median(lengths):.0f} lines, "
        f"90th percentile {percentile_90(lengths):.0f}, max {max(lengths)}"
    )
    yield f"comments per 100 lines of code: {comments_per_100_lines(sources):.2f}"
    yield f"public type names defined more than once: {len(duplicate_types(sources))}"


def details(sources: Sources) -> Iterator[str]:
    """What to change for a better figure: the longest chain, and the types with one name."""
    yield "the longest chain:"
    yield from (f"  {module}" for module in longest_chain(import_graph(sources)))
    yield "types with one name:"
    yield from (f"  {name}: {', '.join(at)}" for name, at in duplicate_types(sources).items())


def main(arguments: list[str]) -> None:
    checkout = Path(arguments[0] if arguments else Path(__file__).parents[1])
    lines: list[str] = []
    for packages in ((PACKAGES[0],), (PACKAGES[1],), PACKAGES):
        lines.append(" and ".join(packages))
        lines += (f"  {line}" for line in figures(read_sources(checkout, *packages)))
    sys.stdout.write("\n".join([*lines, *details(read_sources(checkout, *PACKAGES)), ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
