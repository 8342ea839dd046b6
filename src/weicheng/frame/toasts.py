"""Short notes after an act, with a way back for ten seconds: “已派给环卫局 8秒 撤销”."""

from __future__ import annotations

from typing import TypedDict

from django.http import HttpRequest

UNDO_SECONDS = 10
_KEY = "toasts"


class Toast(TypedDict):
    """A note: its words, the address that undoes the act (POST) and the fields to send there."""

    words: str
    undo: str
    fields: dict[str, str]
    seconds: int


def leave(
    request: HttpRequest, words: str, *, undo: str = "", fields: dict[str, str] | None = None
) -> None:
    """Leave a note for the next page; `undo` is an address that takes `fields` by POST."""
    note = Toast(words=words, undo=undo, fields=fields or {}, seconds=UNDO_SECONDS)
    request.session[_KEY] = [*request.session.get(_KEY, []), note]


def take(request: HttpRequest) -> list[Toast]:
    """The notes waiting for this reader; each is shown once."""
    session = getattr(request, "session", None)
    if session is None or _KEY not in session:
        return []
    found: list[Toast] = session.pop(_KEY)
    return found
