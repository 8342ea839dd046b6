"""No page carries an inline script or style, and every icon that is named is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import weicheng

PACKAGE = Path(weicheng.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)|javascript:|\bhx-on""",
    re.I,
)
NAMED = re.compile(r"{%\s*icon\s+[\"']([\w-]+)[\"']")
FOREIGN = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.I)


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_lives_with_the_policy(path: Path) -> None:
    text = path.read_text()
    assert INLINE.findall(text) == []
    assert FOREIGN.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_icon_is_in_the_sheet(path: Path) -> None:
    sheet = (PACKAGE / "frame/static/frame/icons.svg").read_text()
    assert [icon for icon in NAMED.findall(path.read_text()) if f'id="i-{icon}"' not in sheet] == []


def test_no_safe_marks_in_code_or_templates() -> None:
    found = [
        name(path)
        for path in [*TEMPLATES, *PACKAGE.glob("**/*.py")]
        if path != Path(__file__)
        and re.search(r"\|\s*safe\b|mark_safe|autoescape off", path.read_text())
    ]
    assert found == []
