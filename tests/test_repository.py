"""The house rules a machine can see: sizes, opening words, names, and nothing foreign in git."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES = 400
FUNCTION_LINES = 40
FILE_BYTES = 400_000
SHAPELESS = {"core", "common", "utils", "helpers", "services", "mixins"}
THIRD_PARTY = (".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".mo")
UNFINISHED = re.compile(r"#\s*(TODO|FIXME|XXX)|raise NotImplementedError|mark\.(skip|xfail)\b")
TEXTS = {".py", ".md", ".toml", ".html", ".js", ".css", ".sh", ".yaml", ".txt", ".json", ""}
INDEX_HOSTS = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|npmmirror)[\w.-]*")


def files() -> list[Path]:
    """Everything that is in git and on disk, relative to the repository."""
    told = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in told.stdout.splitlines() if (ROOT / line).is_file()]


def ours() -> list[Path]:
    """Python modules written by hand."""
    return [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.fixture(scope="module")
def modules() -> dict[Path, tuple[str, ast.Module]]:
    """Text and tree of every module."""
    texts = {path: (ROOT / path).read_text("utf-8") for path in ours()}
    return {path: (text, ast.parse(text)) for path, text in texts.items()}


def test_every_module_opens_by_saying_what_it_knows(
    modules: dict[Path, tuple[str, ast.Module]],
) -> None:
    mute = [str(p) for p, (text, tree) in modules.items() if text and not ast.get_docstring(tree)]
    assert mute == []


def test_no_module_is_longer_than_one_sitting(
    modules: dict[Path, tuple[str, ast.Module]],
) -> None:
    lengths = {str(path): text.count("\n") for path, (text, _) in modules.items()}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_one_screen(
    modules: dict[Path, tuple[str, ast.Module]],
) -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, (_, tree) in modules.items()
        for node in functions(tree)
    }
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES} == {}


def test_no_room_has_a_shapeless_name(modules: dict[Path, tuple[str, ast.Module]]) -> None:
    shapeless = [str(p) for p in modules if SHAPELESS & {p.stem, *p.parts}]
    assert shapeless == []


def test_nothing_is_left_unfinished(modules: dict[Path, tuple[str, ast.Module]]) -> None:
    left = [
        f"{path}:{number}"
        for path, (text, _) in modules.items()
        for number, line in enumerate(text.splitlines(), 1)
        if path.name != Path(__file__).name and UNFINISHED.search(line)
    ]
    assert left == []


def test_nothing_foreign_or_huge_is_in_git() -> None:
    foreign = [
        str(path)
        for path in files()
        if path.name.endswith(THIRD_PARTY) or (ROOT / path).stat().st_size > FILE_BYTES
    ]
    assert foreign == []


def test_no_file_names_a_package_index() -> None:
    naming = [
        str(path)
        for path in files()
        if path.suffix in TEXTS
        and INDEX_HOSTS.search((ROOT / path).read_text("utf-8", errors="replace"))
    ]
    assert naming == []
