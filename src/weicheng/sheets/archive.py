"""Zip archives (xlsx, docx) opened with suspicion: sizes are checked before and while unpacking."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree  # the parser below refuses every DTD
from xml.parsers import expat

from .errors import SheetError

MAX_PACKED = 64 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_MEMBERS = 1_000
MAX_RATIO = 100
LARGE = 10 * 2**20
"""From this unpacked size on, a member must not be packed more tightly than MAX_RATIO."""
_CHUNK = 2**18
_ENCRYPTED = 0x1


def open_source(source: Path | bytes) -> BinaryIO:
    """The file as a binary stream; a path is opened anew each time."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


class Archive:
    """A checked zip archive. Raises SheetError: broken, too_large, bomb, password, entities."""

    def __init__(self, source: Path | bytes) -> None:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_PACKED:
            raise SheetError("too_large", size=size, limit=MAX_PACKED)
        self._source = source
        try:
            with open_source(source) as stream, zipfile.ZipFile(stream) as packed:
                members = packed.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError) as bad:
            raise SheetError("broken", detail=str(bad)) from bad
        self._check(members)
        self._members = {member.filename.lstrip("/").lower(): member for member in members}

    @staticmethod
    def _check(members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS:
            raise SheetError("bomb", why="members")
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise SheetError("bomb", why="unpacked")
        for member in members:
            if member.flag_bits & _ENCRYPTED:
                raise SheetError("password")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise SheetError("broken", detail="compression")
            if member.file_size > LARGE and member.file_size > MAX_RATIO * member.compress_size:
                raise SheetError("bomb", why="ratio")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def names(self) -> list[str]:
        """Member names in lower case, without a leading slash."""
        return list(self._members)

    def size(self, name: str) -> int:
        """Unpacked size in bytes, as declared (and enforced while unpacking)."""
        return self._members[name.lower()].file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The member's bytes in pieces; a member larger than it declares is a bomb."""
        member = self._members.get(name.lower())
        if member is None:
            raise SheetError("broken", detail=name)
        with open_source(self._source) as stream:
            stream.seek(member.header_offset)
            head = stream.read(30)
            if len(head) < 30 or head[:4] != b"PK\x03\x04":
                raise SheetError("broken", detail=name)
            name_length, extra_length = struct.unpack("<HH", head[26:30])
            stream.seek(name_length + extra_length, io.SEEK_CUR)
            yield from _unpacked(stream, member)

    def read(self, name: str) -> bytes:
        """The member's bytes, whole."""
        return b"".join(self.chunks(name))

    def check_xml(self) -> None:
        """Unpacks every XML member once, refusing declared entities and lying sizes."""
        for name in self._members:
            if name.endswith((".xml", ".rels", ".vml")):
                self._check_prologue(name)

    def _check_prologue(self, name: str) -> None:
        for number, chunk in enumerate(self.chunks(name)):
            if number == 0 and b"<!DOCTYPE" in chunk[:65536].replace(b"\0", b"").upper():
                raise SheetError("entities", member=name)

    def xml(self, name: str) -> ElementTree.Element:
        """The member parsed; document types and entities are refused."""
        builder = ElementTree.TreeBuilder()
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True

        def refuse(*_: object) -> None:
            raise SheetError("entities", member=name)

        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
        parser.StartElementHandler = lambda tag, attributes: builder.start(
            _qualified(tag), {_qualified(key): value for key, value in attributes.items()}
        )
        parser.EndElementHandler = lambda tag: builder.end(_qualified(tag))
        parser.CharacterDataHandler = builder.data
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as bad:
            raise SheetError("broken", detail=name) from bad
        return builder.close()

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The member's relations: id → (last word of the type, target member name)."""
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, "_rels", base + ".rels")
        found: dict[str, tuple[str, str]] = {}
        if path not in self:
            return found
        for relation in self.xml(path):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            joined = target if target.startswith("/") else posixpath.join(folder, target)
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            found[relation.get("Id", "")] = (kind, posixpath.normpath(joined).lstrip("/"))
        return found


def _qualified(tag: str) -> str:
    return "{" + tag if "}" in tag else tag


def _unpacked(stream: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yields at most the declared number of bytes; more is a bomb, garbage is broken."""
    left, total = member.compress_size, 0
    stored = member.compress_type == zipfile.ZIP_STORED
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = b""
    while left > 0 or pending:
        if not pending:
            pending = stream.read(min(_CHUNK, left))
            left -= len(pending)
            if not pending:
                raise SheetError("broken", detail=member.filename)
        try:
            piece = pending if stored else unpacker.decompress(pending, _CHUNK)
        except zlib.error as bad:
            raise SheetError("broken", detail=member.filename) from bad
        pending = b"" if stored else unpacker.unconsumed_tail
        total += len(piece)
        if total > member.file_size:
            raise SheetError("bomb", why="size")
        yield piece


def local(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rsplit("}", 1)[-1]


def attribute(element: ElementTree.Element, name: str) -> str:
    """An attribute by its name without namespace, '' if absent."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return value
    return ""
