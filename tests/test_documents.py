"""The documents say what is true: commands, options, links, tests and words exist as named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from weicheng.cli import COMMANDS
from weicheng.cli.load import command as load
from weicheng.people.roles import Role
from weicheng.problems import acts, life
from weicheng.problems.words import Status

ROOT = Path(__file__).resolve().parents[1]
KINDS = sorted(load.commands)
READMES = ("README.md", "README.zh-CN.md")
SCRIPTS = ("server", "test", "check", "bench")
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(#[^)]*)?\)")
# Settings of development and of the starter itself, which no keeper sets.
INTERNAL = {
    "WEICHENG_BEGAN", "WEICHENG_STARTED_FOR", "WEICHENG_TEST_DB", "WEICHENG_DEMO",
    "WEICHENG_DEBUG", "WEICHENG_DB_POOL", "WEICHENG_DB_POOL_SIZE", "WEICHENG_CHROMIUM",
    "WEICHENG_WITHOUT_BROWSER",
    "WEICHENG_TEST_CLOCK",
}  # fmt: skip


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_the_scripts_and_every_command(name: str) -> None:
    said = text(name)
    assert [script for script in SCRIPTS if f"`script/{script}`" not in said] == []
    wanted = [f"weicheng {command}" for command in COMMANDS if command != "load"]
    wanted += [f"weicheng load {kind}" for kind in KINDS]
    assert [command for command in wanted if f"`{command}" not in said] == []


@pytest.mark.parametrize("name", READMES)
def test_no_command_is_named_that_does_not_exist(name: str) -> None:
    named = set(re.findall(r"`weicheng ([a-z-]+)(?: ([a-z-]+))?", text(name)))
    unknown = {first for first, _kind in named} - set(COMMANDS)
    unknown |= {kind for first, kind in named if first == "load"} - set(KINDS)
    assert unknown == set()


def test_the_two_readmes_have_the_same_parts() -> None:
    english, chinese = (re.findall(r"^(#+) ", text(name), re.M) for name in READMES)
    assert english == chinese
    tables = [len(re.findall(r"^\|", text(name), re.M)) for name in READMES]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = [found[0] for found in LINK.findall(path.read_text("utf-8"))]
    broken = [t for t in targets if "://" not in t and not (path.parent / t).exists()]
    assert broken == []


def test_every_option_that_the_code_reads_is_explained_and_no_other() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "script").iterdir()]
    read = set()
    for path in sources:
        if path.is_file() and "tests" not in path.parts:
            read |= set(
                re.findall(r"\bWEICHENG_[A-Z][A-Z0-9_]*[A-Z0-9]\b", path.read_text("utf-8"))
            )
    told = set(re.findall(r"WEICHENG_[A-Z0-9_]+", text("docs/operating.md")))
    assert read - INTERNAL == told


def rows() -> dict[str, tuple[str, str]]:
    """The glossary: identifier → (Chinese, English)."""
    found = {}
    for line in text("GLOSSARY.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            for identifier in re.findall(r"`([^`]+)`", cells[0]):
                found[identifier] = (cells[1], cells[2])
    return found


def test_every_table_stands_in_the_glossary() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("weicheng.")]
    tables = {model.__name__ for config in ours for model in config.get_models()}
    assert tables - set(rows()) == set()


def test_every_act_stands_in_the_glossary() -> None:
    functions = {name for name in acts.__all__ if name.islower()}
    assert (functions | set(life.EVOLVE)) - set(rows()) == set()


@pytest.mark.parametrize("words", [Status, Role])
def test_statuses_and_roles_stand_in_the_glossary_with_the_words_of_the_screen(
    words: type[Status] | type[Role],
) -> None:
    known = rows()
    for language, column in (("zh-hans", 0), ("en", 1)):
        with translation.override(language):
            said = {value: str(label) for value, label in words.choices}
        assert {value: known[value][column] for value in said} == said


def test_every_room_stands_in_the_glossary_and_in_the_architecture() -> None:
    package = ROOT / "src" / "weicheng"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")} - {"cli"}
    assert rooms - set(rows()) == set()
    assert [room for room in rooms if not re.search(rf"\b{room}\b", text("ARCHITECTURE.md"))] == []
