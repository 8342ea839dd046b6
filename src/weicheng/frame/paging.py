"""Long lists are read in pieces by a key, never by counting rows to skip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
ROWS = 50
_SALT = "weicheng.paging"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A piece of a list; `before` and `after` are keys for {% keyset page %}, "" at an end."""

    rows: list[Row]
    before: str
    after: str


def page_of(
    rows: QuerySet[Row], *, order: Sequence[str], query: Mapping[str, str], size: int = ROWS
) -> Page[Row]:
    """The piece that ?after= or ?before= asks for.

    `order` are field names ("-due_at", "id"), none of them null and the last one unique. A key
    that was tampered with, or belongs to another order, gives the first piece.
    """
    key, back = asked(query, order)
    names = [_turned(name) for name in order] if back else list(order)
    found = rows.order_by(*names)
    if key is not None:
        found = found.filter(_beyond(names, key))
    piece = list(found[: size + 1])
    more, piece = len(piece) > size, piece[:size]
    if back:
        piece.reverse()
    if not piece:
        return Page([], "", "")
    earlier, later = (more, key is not None) if back else (key is not None, more)
    return Page(
        piece,
        _key(piece[0], order) if earlier else "",
        _key(piece[-1], order) if later else "",
    )


def asked(query: Mapping[str, str], order: Sequence[str]) -> tuple[list[Any] | None, bool]:
    """The key that a request carries for this order (None: the first piece), and whether the
    piece before it is wanted."""
    back = "before" in query and "after" not in query
    return _read(query.get("before" if back else "after", ""), order), back


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(names: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows after the key in this order: a > x or (a = x and b > y) …"""
    found, equal = Q(pk__in=[]), Q()
    for name, value in zip(names, key, strict=True):
        field = name.lstrip("-")
        found |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{field: value})
    return found


def _key(row: Model, order: Sequence[str]) -> str:
    values = [_value(row, name.lstrip("-")) for name in order]
    return signing.dumps([list(order), values], salt=_SALT, serializer=_Writer)


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _read(text: str, order: Sequence[str]) -> list[Any] | None:
    try:
        made_for, values = signing.loads(text, salt=_SALT, serializer=_Writer)
    except (signing.BadSignature, ValueError):
        return None
    return list(values) if made_for == list(order) else None


class _Writer(signing.JSONSerializer):
    """JSON that also knows moments and UUIDs."""

    def dumps(self, obj: Any) -> bytes:
        import json

        return json.dumps(obj, separators=(",", ":"), cls=_Exact).encode()


class _Exact(DjangoJSONEncoder):
    """Moments with their microseconds: Django's own encoder cuts them, and rows would repeat."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
