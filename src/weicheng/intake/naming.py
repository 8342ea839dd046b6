"""Finds known names inside running text, quickly even among thousands of names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
HEAD = 2

_ADDRESS = re.compile(
    r"[\u3400-\u9fffA-Za-z0-9]{0,10}?[\u3400-\u9fffA-Za-z0-9]{2}"
    r"(?:小区|家属院|花园|公寓|社区|农贸市场|菜市场|市场|广场|公园|大道|公厕|车站|小学|中学|学校|医院"
    r"|[路街巷弄苑村园]|胡同)"
    r"(?:\d{1,4}号)?(?:\d{1,3}[号栋幢]楼?)?(?:\d单元)?"
)
_LEADING = re.compile(
    r"^(?:我们?(?=住|在)|住在|家住|位于|座落在|坐落在|关于|反映|投诉|举报|咨询|请问|建议|希望|在)+"
)


class NameFinder(Generic[Thing]):
    """Known names and what they name; ``found`` reads a text once."""

    def __init__(self, names: Iterable[tuple[str, Thing]] = ()) -> None:
        self._heads: dict[str, list[tuple[str, Thing]]] = defaultdict(list)
        for name, thing in names:
            self.add(name, thing)

    def add(self, name: str, thing: Thing) -> None:
        """Know one more name; names of one character are never looked for."""
        if len(name) >= HEAD:
            self._heads[name[:HEAD]].append((name, thing))

    def found(self, text: str) -> Iterator[tuple[str, Thing]]:
        """Every known name in the text with what it names."""
        heads = self._heads
        for place in range(len(text) - 1):
            known = heads.get(text[place : place + HEAD])
            if known:
                yield from ((n, t) for n, t in known if text.startswith(n, place))


def address_in(text: str) -> str:
    """The first words of a text that read like an address: 联丰路, 米兰春天小区3栋; else ''."""
    for match in _ADDRESS.finditer(text):
        words = _LEADING.sub("", match[0])
        if len(words) >= 3:
            return words
    return ""
