"""Catalogues are compiled when they have changed, and only then."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from weicheng.server import catalogues

SOURCE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "派单"
msgstr "Dispatch"
"""


def test_a_changed_catalogue_is_compiled_and_an_unchanged_one_is_left(tmp_path: Path) -> None:
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, "utf-8")
    compiled = catalogues.compile_changed(tmp_path)
    assert compiled == [source.with_suffix(".mo")]
    assert gettext.translation("django", tmp_path, ["en"]).gettext("派单") == "Dispatch"
    assert catalogues.compile_changed(tmp_path) == []
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert len(catalogues.compile_changed(tmp_path)) == 1
