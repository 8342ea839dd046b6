"""Finds the single files of npm packages that pages use; the rest of a package is not served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage


class VendorFinder(BaseFinder):
    """Serves what settings.VENDOR lists: name under /static/ → path below node_modules/."""

    def __init__(self, app_names: list[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self._folder = Path(settings.NODE_MODULES)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check: a missing package is met when its page is opened or collected."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's place on disk, as Django's own finders answer."""
        source = settings.VENDOR.get(path)
        found = str(self._folder / source) if source and (self._folder / source).exists() else None
        if find_all:
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:
        """Every listed file that is there, with a storage that knows only it."""
        for name, source in settings.VENDOR.items():
            if (self._folder / source).exists():
                yield name, _Renamed(name, self._folder / source)


class _Renamed(FileSystemStorage):
    """One file under the name it is served by."""

    def __init__(self, name: str, source: Path) -> None:
        super().__init__(location=str(source.parent))
        self._name, self._source = name, source

    def path(self, name: str) -> str:
        return str(self._source if name == self._name else self._source.parent / name)
