"""Looks through a paper (PDF, docx, xlsx) without opening it in any office program. No Django.

Refuses bombs, macros, disguises, locked and broken files; inflates at most UNPACKED bytes."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from weicheng.evidence.formats import DOCX, MB, PDF, XLSX, Finding, Refusal
from weicheng.evidence.pictures import EICAR, holds_archive

UNPACKED = 200 * MB
RATIO = 100
RATIO_FREE = 5 * MB  # below this a high ratio is only a sparse form
MEMBERS = 1_000
MEDIA_MEMBERS = 5_000  # a ledger with a photo in each row
CHUNK = 256 * 1024
MACROS = ("vbaproject.bin", "vbadata.xml", "activex")
MACRO_TYPES = re.compile(rb"macroenabled|vnd\.ms-office\.vbaproject", re.I)
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
OUTSIDE = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*Type\s*=\s*[\"'][^\"']*/(?:attachedTemplate|oleObject|frame|subDocument))",
    re.I,
)
PACKAGED = "\x01Ole10Native".encode("utf-16-le")
ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"MZ")
PDF_ACTS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition)\b")
PDF_NAME_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
PDF_PAGE = re.compile(rb"\bobj\b")
OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.S)


def examine_pdf(path: Path) -> Finding:
    """A PDF from its first to its last byte, without script, launch or enclosed files."""
    data = path.read_bytes()
    if EICAR in data.lower():
        raise Refusal("virus")
    if b"%%EOF" not in data[-2048:] or not PDF_PAGE.search(data):
        raise Refusal("broken_paper")
    if holds_archive(path) or re.search(rb"<script|<html", data[:1024] + data[-2048:], re.I):
        raise Refusal("hidden_content")
    for piece in (data, *object_streams(data)):
        if PDF_ACTS.search(plain_names(piece)):
            raise Refusal("macros")
    return Finding(PDF)


def plain_names(data: bytes) -> bytes:
    """PDF names with their #xx codes written out."""
    if b"#" not in data:
        return data
    return PDF_NAME_CODE.sub(lambda found: bytes([int(found[1], 16)]), data)


def object_streams(data: bytes) -> Iterator[bytes]:
    """The compressed object streams of a PDF, inflated, UNPACKED bytes at most in all."""
    left = UNPACKED
    for found in OBJECT_STREAM.finditer(data):
        try:
            piece = zlib.decompressobj().decompress(data[found.end() :], min(left, 20 * MB) + 1)
        except zlib.error:
            continue
        left -= len(piece)
        if left <= 0 or len(piece) > 20 * MB:
            raise Refusal("too_heavy")
        yield piece


def examine_office(path: Path) -> Finding:
    """A docx or xlsx by its parts; anything else in a ZIP is an unknown type."""
    try:
        with zipfile.ZipFile(path) as archive:
            media_type = office_type(archive)
            check_directory(archive, path.stat().st_size)
            budget = [UNPACKED]
            for member in archive.infolist():
                check_member(archive, member, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as error:
        raise Refusal("broken_paper") from error
    return Finding(media_type)


def office_type(archive: zipfile.ZipFile) -> str:
    """DOCX or XLSX by the main part."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return DOCX
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    raise Refusal("unknown_type")


def check_directory(archive: zipfile.ZipFile, size: int) -> None:
    """Judge the directory before anything is inflated: counts, sums, ratio, names."""
    members = archive.infolist()
    media = sum("/media/" in member.filename for member in members)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) - media > MEMBERS or media > MEDIA_MEMBERS or unpacked > UNPACKED:
        raise Refusal("too_heavy")
    if unpacked > RATIO_FREE and unpacked > RATIO * max(size, 1):
        raise Refusal("too_heavy")
    if packed > size or len({member.filename for member in members}) != len(members):
        raise Refusal("broken_paper")  # parts laid over each other, or two of one name
    for member in members:
        check_name(member)


def check_name(member: zipfile.ZipInfo) -> None:
    """Refuse names that climb, links, locked parts and macro parts."""
    name = PurePosixPath(member.filename)
    climbs = name.is_absolute() or ".." in name.parts or re.search(r"[\\:]", member.filename)
    if climbs or stat.S_ISLNK(member.external_attr >> 16):
        raise Refusal("hidden_content")
    if member.flag_bits & 0x1:
        raise Refusal("locked_paper")
    if any(word in member.filename.lower() for word in MACROS):
        raise Refusal("macros")


def check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: list[int]) -> None:
    """Inflate one part in pieces, counting what really comes out."""
    name = member.filename.lower()
    with archive.open(member) as part:
        head = part.read(CHUNK)
        if head.startswith(ARCHIVES) and not name.endswith((".emz", ".wmz")):
            check_embedded(archive, member)
        tail = b""
        while head:
            budget[0] -= len(head)
            if budget[0] < 0:
                raise Refusal("too_heavy")
            check_piece(name, tail + head)
            tail = head[-512:]
            head = part.read(CHUNK)


def check_piece(name: str, piece: bytes) -> None:
    """Look for what an honest paper never holds."""
    if EICAR in piece.lower():
        raise Refusal("virus")
    if PACKAGED in piece:
        raise Refusal("hidden_content")
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if DECLARED.search(piece.replace(b"\x00", b"")):
        raise Refusal("too_heavy")
    if MACRO_TYPES.search(piece) and name == "[content_types].xml":
        raise Refusal("macros")
    if name.endswith(".rels") and OUTSIDE.search(piece):
        raise Refusal("hidden_content")


def check_embedded(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A workbook inside a document is usual; any other archive or program inside is not."""
    if "/embeddings/" not in member.filename or member.file_size > 30 * MB:
        raise Refusal("hidden_content")
    with archive.open(member) as part:
        if part.read(2) != b"PK":
            raise Refusal("hidden_content")
        part.seek(0)
        with zipfile.ZipFile(part) as embedded:
            office_type(embedded)
            check_directory(embedded, member.file_size)
            if any("/embeddings/" in each.filename for each in embedded.infolist()):
                raise Refusal("hidden_content")
