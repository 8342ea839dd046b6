"""Reads YAML with the line of every field, so that a mistake can be pointed at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from .refusals import BadSheet
from .sheet import Said

MILLI = 1000


@dataclass(frozen=True)
class Place:
    """A node of a YAML document in a file."""

    node: yaml.Node
    file: str

    @property
    def line(self) -> int:
        """Counts from 1."""
        return int(self.node.start_mark.line) + 1

    def bad(self, code: str, field: str = "", **params: Any) -> BadSheet:
        """The error at this place."""
        return BadSheet(code, file=self.file, line=self.line, field=field, **params)

    def value(self) -> Any:
        """What stands here as plain Python; lists and mappings as None."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_object(self.node)
        except (ValueError, yaml.YAMLError) as wrong:
            raise self.bad("not_yaml") from wrong
        finally:
            loader.dispose()


class Row:
    """A mapping whose fields are all known and used once. Raises BadSheet."""

    def __init__(self, place: Place, allowed: Collection[str]) -> None:
        if not isinstance(place.node, yaml.MappingNode):
            raise place.bad("not_mapping")
        self.place = place
        self.fields: dict[str, Place] = {}
        for key_node, node in place.node.value:
            at = Place(key_node, place.file)
            name = str(at.value())
            if name not in allowed:
                raise at.bad("unknown_field", name)
            if name in self.fields:
                raise at.bad("twice", name)
            self.fields[name] = Place(node, place.file)

    def need(self, name: str) -> Place:
        """The field's place; it must be there and not be empty."""
        found = self.fields.get(name)
        if found is None or (isinstance(found.node, yaml.ScalarNode) and found.value() is None):
            raise self.place.bad("missing", name)
        return found

    def has(self, name: str) -> bool:
        """Whether the field is given."""
        return name in self.fields

    def text(self, name: str) -> str:
        """Words that must be there."""
        found = self.need(name)
        value = found.value()
        if not isinstance(value, str) or not value.strip():
            raise found.bad("not_words", name)
        return value.strip()

    def said(self, name: str, *, needed: bool = True) -> Said:
        """``name_zh`` with ``name_en``; empty where not needed and absent."""
        if not needed and not self.has(f"{name}_zh"):
            return Said("")
        return Said(
            self.text(f"{name}_zh"), self.text(f"{name}_en") if self.has(f"{name}_en") else ""
        )

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the allowed words."""
        if default is not None and not self.has(name):
            return default
        found = self.need(name)
        if str(found.value()) not in allowed:
            raise found.bad("choice", name, allowed=_("、").join(allowed))
        return str(found.value())

    def flag(self, name: str) -> bool:
        """true or false; false where absent."""
        if not self.has(name):
            return False
        found = self.need(name)
        if not isinstance(found.value(), bool):
            raise found.bad("choice", name, allowed=_("、").join(("true", "false")))
        return bool(found.value())

    def milli(self, name: str) -> int:
        """A number >= 0 with at most three decimals, in thousandths."""
        found = self.need(name)
        value = found.value()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise found.bad("not_number", name)
        try:
            number = Decimal(str(found.node.value)) * MILLI
            whole = number.to_integral_value()
        except InvalidOperation as wrong:
            raise found.bad("not_number", name) from wrong
        if not number.is_finite() or number < 0:
            raise found.bad("not_number", name)
        if number != whole:
            raise found.bad("too_fine", name)
        return int(whole)

    def percent(self, name: str) -> int:
        """0..100 in thousandths of a percent."""
        value = self.milli(name)
        if value > 100 * MILLI:
            raise self.need(name).bad("percent", name)
        return value

    def rows(self, name: str) -> Iterator[Place]:
        """The places of a list; none where the field is absent."""
        found = self.fields.get(name)
        if found is None:
            return
        if not isinstance(found.node, yaml.SequenceNode):
            raise found.bad("not_list", name)
        for node in found.node.value:
            yield Place(node, found.file)


def document(path: Path) -> Place:
    """The root of a file. Raises BadSheet."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as wrong:
        raise BadSheet("no_file", file=path.name) from wrong
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadSheet("not_text", file=path.name) from wrong
    return parsed(text, path.name)


def parsed(text: str, file: str) -> Place:
    """The root of a text of that name. Raises BadSheet."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line = int(mark.line) + 1 if mark is not None else 1
        raise BadSheet("not_yaml", file=file, line=line) from wrong
    if node is None:
        raise BadSheet("no_sheets", file=file)
    return Place(node, file)
