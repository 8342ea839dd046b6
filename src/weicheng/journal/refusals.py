"""What every refused act has: a code with parameters, put into words for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Refusal(Exception):
    """An act that may not happen; nothing was written. Each room has its own with its sentences."""

    SENTENCES: ClassVar[Mapping[str, str | Promise]]

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def sentence(self) -> str:
        """The reason in the user's language."""
        return str(self.SENTENCES[self.code]) % self.params
