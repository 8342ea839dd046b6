"""Static files with the hash of their content in their name; plain until they are collected."""

from __future__ import annotations

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's storage that also works before `collectstatic` (tests, development).

    Modules import each other by hashed names: a kept one never meets one of another time."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 12  # as deep as modules import each other

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one where no manifest names the file."""
        return str(super().stored_name(name)) if self.hashed_files else name
