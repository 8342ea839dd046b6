"""What can be wrong with a message catalogue, each said in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry

from weicheng.cli.messages import Message

# Latin words that may stand in Chinese: products, formats, keys, a command, a setting, examples.
_FOREIGN = """
    Word Excel WPS PDF JPG PNG WebP HEIC YAML UTF docx xlsx xls ods LibreOffice csv txt zip MB
    KB JavaScript
    Ctrl Enter Esc Alt Shift Tab
    weicheng load standard is local true
    HY zjg https
"""
FOREIGN = frozenset(_FOREIGN.split())
# Chinese that stands in English sentences as it is: our name where somebody must look for it.
KEPT = ("中文", "卫城")

_PLACE = re.compile(r"%\((\w+)\)[#0\- +]?\d*(?:\.\d+)?[sdfr]|%[sdf]|\{\w*\}")
_NO_WORD = re.compile(_PLACE.pattern + r"|<[^>]*>|&\w+;|[\w.+-]+@[\w.-]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Curly quotes are drawn as wide as a character by Chinese fonts, so English has straight ones;
# a double quote would end an attribute of a page.
_CHINESE = re.compile(r"[\u2e80-\u2eff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef\u2018-\u201d\"]")


def faults(catalogue: Catalog, wanted: dict[Message, Path], *, translated: bool) -> Iterator[str]:
    """Every fault of a catalogue; `translated` when it speaks another language than the source."""
    name = str(catalogue.locale)
    known = {_key(entry): entry for entry in catalogue if entry.id}
    for message, path in wanted.items():
        entry = known.pop(message, None)
        said = _said(entry) if entry is not None else []
        if entry is None or not all(said):
            yield f"{name} 缺：“{message.text}”（{path}）"
            continue
        if entry.fuzzy:
            yield f"{name} 未核：“{message.text}”"
        yield from (f"{name} {fault}" for fault in _of_places(message, said))
        if translated:
            yield from (f"{name} {fault}" for fault in _of_translation(message, said))
        else:
            yield from (f"{name} {fault}" for fault in _of_source(message, said))
    for message in known:
        yield f"{name} 多余：“{message.text}”"


def places(text: str) -> set[str]:
    """What a sentence leaves open: %(name)s, %s, {n}."""
    return {found.group(0) for found in _PLACE.finditer(text.replace("%%", ""))}


def latin_words(text: str) -> set[str]:
    """Latin words of a Chinese sentence that are not on the list of those that may stand there."""
    return set(_LATIN.findall(_NO_WORD.sub(" ", text))) - FOREIGN


def _of_places(message: Message, said: list[str]) -> Iterator[str]:
    if message.plural:
        allowed = places(message.text) | places(message.plural)
        same = all(places(one) <= allowed for one in said) and places(said[-1]) == allowed
    else:
        same = places(said[0]) == places(message.text)
    if not same:
        yield f"占位不同：“{message.text}” → “{said[-1]}”"


def _of_translation(message: Message, said: list[str]) -> Iterator[str]:
    for one in said:
        rest = one
        for word in KEPT:
            rest = rest.replace(word, "")
        if _CHINESE.search(rest):
            yield f"译文里有中文：“{message.text}” → “{one}”"


def _of_source(message: Message, said: list[str]) -> Iterator[str]:
    if said[0] != message.text:
        yield f"与原文不同：“{message.text}” → “{said[0]}”"
    for word in sorted(latin_words(message.text)):
        yield f"中文里有外文“{word}”：“{message.text}”"


def _key(entry: Entry) -> Message:
    ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
    return Message(ids[0], "".join(ids[1:]), entry.context or "")


def _said(entry: Entry) -> list[str]:
    said = entry.string
    return [one or "" for one in said] if isinstance(said, list | tuple) else [said or ""]
