"""Measure the shape of a Python tree: file sizes, roles, import edges between packages, typing, docstrings.

    python tools/measure.py ROOT [--json]

ROOT's direct sub-packages are the boxes between which imports are counted, and whose names are compared: a class or
function that stands in several modules is a word with several meanings, unless siblings share it. Migrations, tests,
and what is run by hand (benchmarks, tools) are counted apart; every other figure is of product code only.
"""

import argparse
import ast
import json
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SKIP = {".git", "node_modules", "venv", ".venv", "build", "dist", "static", "var", "data"}
ROLES = ("models", "views", "api", "serializers", "forms", "tasks", "services", "admin", "urls", "settings")
ACTION = {"views", "services", "tasks", "api"}  # in an app they share a name where they do the same thing
BY_HAND = {"benchmarks", "tools"}
Names = defaultdict[str, list[str]]  # name -> modules that define it at their top
BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def kind(path: Path, root: Path) -> str:
    parts = path.relative_to(root).parts
    if "migrations" in parts:
        return "migration"
    if path.stem == "conftest" or any(part == "tests" or part.startswith("test_") for part in parts):
        return "test"
    return "by_hand" if parts[0] in BY_HAND else "product"


def role(path: Path, root: Path) -> str:
    """The Django role of a file: from its stem first, then from the folder that holds it."""
    names = [path.stem, *reversed(path.relative_to(root).parts[:-1])]
    return next((name for name in names if name in ROLES), "other")


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0


def spread(lines: list[int]) -> dict[str, int]:
    return {
        "files": len(lines),
        "lines": sum(lines),
        "median": percentile(lines, 0.5),
        "p90": percentile(lines, 0.9),
        "max": max(lines, default=0),
        "over_300": sum(n > 300 for n in lines),
    }


def imports(node: ast.AST, how: str = "module") -> Iterator[tuple[str, str]]:
    """Yield (dotted module, how): how is module, local (inside a function) or typing (under TYPE_CHECKING)."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, how) for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.level == 0:
            yield from ((f"{child.module}.{alias.name}", how) for alias in child.names)
        else:
            yield from imports(child, inner(child, how))


def inner(node: ast.AST, how: str) -> str:
    if isinstance(node, BOUNDARIES):
        return "local"
    return "typing" if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) else how


@dataclass
class Tally:
    """What was counted in the source files so far."""

    root: Path
    packages: set[str]
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    by_role: Counter[str] = field(default_factory=Counter)
    sizes: list[tuple[int, str]] = field(default_factory=list)
    lengths: list[tuple[int, str]] = field(default_factory=list)
    documented: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    edges: Counter[tuple[str, str]] = field(default_factory=Counter)
    classes: Names = field(default_factory=lambda: defaultdict(list))
    public_functions: Names = field(default_factory=lambda: defaultdict(list))

    def add(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        self.by_kind.setdefault(kind(path, self.root), []).append(lines)
        if kind(path, self.root) == "product":
            name = str(path.relative_to(self.root))
            self.sizes.append((lines, name))
            self.by_role[role(path, self.root)] += lines
            self.count_text(text)
            self.count_tree(ast.parse(text), name)
            self.count_imports(path, ast.parse(text))
            self.note_names(path, ast.parse(text))

    def note_names(self, path: Path, tree: ast.Module) -> None:
        """What the packages define; commands and scripts are found by their file."""
        parts = path.relative_to(self.root).with_suffix("").parts
        if parts[0] not in self.packages or "commands" in parts:
            return
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                self.classes[node.name].append(".".join(parts))
            elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                self.public_functions[node.name].append(".".join(parts))

    def count_text(self, text: str) -> None:
        self.counts["code"] += sum(bool(line.strip()) for line in text.splitlines())
        self.counts["comments"] += sum(line.lstrip().startswith("#") for line in text.splitlines())
        self.counts["suppressions"] += len(re.findall(r"# noqa|# type: ?ignore|pragma: no cover", text))

    def count_tree(self, tree: ast.AST, name: str) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                self.counts["bare_except"] += node.type is None
                caught = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                self.counts["broad_except"] += caught
            elif isinstance(node, ast.ClassDef):
                self.counts["classes"] += 1
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.count_function(node, name)

    def count_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> None:
        self.lengths.append(((node.end_lineno or 0) - node.lineno + 1, f"{name}:{node.lineno} {node.name}"))
        given = [a for a in node.args.args + node.args.kwonlyargs if a.arg not in ("self", "cls")]
        self.counts["typed"] += node.returns is not None and all(a.annotation for a in given)
        if doc := ast.get_docstring(node):
            self.documented.append(len(doc.split()))

    def count_imports(self, path: Path, tree: ast.AST) -> None:
        here = path.relative_to(self.root).parts[0].removesuffix(".py")
        seen = {(module.split(".")[0], how) for module, how in imports(tree)}
        for target, how in seen:
            self.counts["local_imports"] += how == "local"
            if {here, target} <= self.packages and here != target and how != "typing":
                self.edges[here, target] += 1

    def functions(self) -> dict[str, object]:
        lengths = [length for length, _name in self.lengths]
        total = max(len(lengths), 1)
        return {
            "count": len(lengths),
            "classes": self.counts["classes"],
            "median": percentile(lengths, 0.5),
            "p90": percentile(lengths, 0.9),
            "max": max(lengths, default=0),
            "over_60": sum(n > 60 for n in lengths),
            "typed_pct": round(100 * self.counts["typed"] / total),
            "docstring_pct": round(100 * len(self.documented) / total),
            "docstring_words": int(statistics.median(self.documented or [0])),
        }

    def report(self) -> dict[str, object]:
        kinds = {name: spread(lines) for name, lines in sorted(self.by_kind.items())}
        product, tests = sum(self.by_kind["product"]), sum(self.by_kind.get("test", [0]))
        both_ways = {f"{min(edge)} <-> {max(edge)}" for edge in self.edges if edge[::-1] in self.edges}
        return {
            "packages": sorted(self.packages),
            **kinds,
            "test_to_product": round(tests / product, 2),
            "biggest_files": [f"{n} {name}" for n, name in sorted(self.sizes, reverse=True)[:6]],
            "longest_functions": [f"{n} {name}" for n, name in sorted(self.lengths, reverse=True)[:6]],
            "lines_by_role": dict(self.by_role.most_common(12)),
            "functions": self.functions(),
            "comment_pct": round(100 * self.counts["comments"] / max(self.counts["code"], 1), 1),
            **{
                name: self.counts[name]
                for name in ("suppressions", "bare_except", "broad_except", "local_imports")
            },
            "names_in_several_modules": {
                "classes": len(several(self.classes)),
                "functions": len(unshared(self.public_functions)),
            },
            "classes_in_several_modules": several(self.classes),
            "functions_in_several_modules": unshared(self.public_functions),
            "edges": {f"{a} -> {b}": n for (a, b), n in sorted(self.edges.items())},
            "two_way": sorted(both_ways),
        }


def several(names: Names) -> dict[str, list[str]]:
    return {name: modules for name, modules in sorted(names.items()) if len(modules) > 1}


def unshared(names: Names) -> dict[str, list[str]]:
    """Without what siblings share: the files of an action, or files of one name."""
    return {name: found for name, found in several(names).items() if not are_siblings(found)}


def are_siblings(modules: list[str]) -> bool:
    parts = [module.split(".") for module in modules]
    return all(ACTION & set(own) for own in parts) or len({own[-1] for own in parts}) == 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    tally = Tally(given.root, {path.parent.name for path in given.root.glob("*/__init__.py")})
    for path in sorted(given.root.rglob("*.py")):
        if not SKIP & set(path.relative_to(given.root).parts):
            tally.add(path)
    report = tally.report()
    print(
        json.dumps(report, indent=1)
        if given.json
        else "\n".join(f"{key}: {value}" for key, value in report.items())
    )


if __name__ == "__main__":
    main()
