"""Files as strangers may send them, each with the verdict we expect (None: kept)."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weicheng.evidence.tests import drawn, papers_made
from weicheng.evidence.tests.drawn import jpeg, saved, scene
from weicheng.evidence.tests.papers_made import EICAR, MB, pdf, sheet_with, word_with


@dataclass(frozen=True)
class Case:
    """One file: what it is, how it is made, the name it comes under, the expected refusal code."""

    title: str
    make: Callable[[], Any]
    name: str
    expected: str | None
    purpose: str = "before"

    def __str__(self) -> str:
        return self.title.replace(" ", "_")


class Endless(io.RawIOBase):
    """A file of two gigabytes that need not exist."""

    size = 2 * 1024 * MB

    def __init__(self) -> None:
        self.left = self.size

    def read(self, size: int = -1) -> bytes:
        piece = min(size, self.left)
        self.left -= piece
        return bytes(piece)


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def apng() -> bytes:
    return drawn.animated("PNG")


KEPT_PICTURES = [
    Case("plain photo", jpeg, "IMG_20261203_094120.jpg", None),
    Case("progressive photo", lambda: jpeg(progressive=True), "a.jpg", None),
    Case("grey photo", lambda: saved(scene(mode="L")), "a.jpeg", None),
    Case("CMYK photo", lambda: saved(scene(mode="CMYK")), "a.jpg", None),
    Case("PNG", lambda: saved(scene(), "PNG"), "a.png", None),
    Case("PNG see-through", lambda: saved(scene(mode="RGBA"), "PNG"), "a.png", None),
    Case("PNG palette", lambda: saved(scene(mode="P"), "PNG", transparency=3), "a.png", None),
    Case("PNG of one bit", lambda: saved(scene(mode="1"), "PNG"), "a.png", None),
    Case("PNG 16-bit grey", lambda: saved(scene(mode="L").convert("I;16"), "PNG"), "a.png", None),
    Case("PNG 16-bit colour", drawn.png_16_bit_colour, "a.png", None),
    Case("PNG of one pixel", lambda: saved(scene(1, 1), "PNG"), "a.png", None),
    Case("long screenshot", lambda: saved(scene(720, 12_000), "PNG"), "截图.png", None),
    Case("WebP", lambda: saved(scene(), "WEBP"), "a.webp", None),
    Case(
        "WebP see-through", lambda: saved(scene(mode="RGBA"), "WEBP", lossless=True), "a.webp", None
    ),
    Case("HEIC", lambda: saved(scene(), "HEIF"), "IMG_0001.HEIC", None),
    Case("HEIC with GPS", lambda: saved(scene(), "HEIF", exif=drawn.exif()), "a.heic", None),
    Case("photo with GPS", lambda: jpeg(exif=drawn.exif(turn=6)), "a.jpg", None),
    Case("PNG with GPS", lambda: saved(scene(), "PNG", exif=drawn.exif()), "a.png", None),
    Case("WebP with GPS", lambda: saved(scene(), "WEBP", exif=drawn.exif()), "a.webp", None),
    Case("broken EXIF", drawn.broken_exif, "a.jpg", None),
    Case("thumbnail of another", drawn.foreign_thumbnail, "a.jpg", None),
    Case("XMP", lambda: drawn.with_xmp(jpeg(), b"<a>SECRETPHONE</a>"), "a.jpg", None),
    Case("comment", lambda: jpeg(comment=b"SECRETPHONE"), "a.jpg", None),
    Case("colour profile", drawn.wide_gamut, "a.jpg", None),
    Case("broken profile", lambda: jpeg(icc_profile=b"\x00" * 200), "a.jpg", None),
    Case("two pictures in one", drawn.mpo, "a.jpg", None),
    Case("photo with film", drawn.motion_photo, "MVIMG_1.jpg", None),
    Case("PNG that is JPEG", jpeg, "微信图片.png", None),
    Case("no ending", jpeg, "mmexport1733212345678", None),
    Case("number ending", jpeg, "整改后11.20", None),
    Case("climbing name", jpeg, "../../../etc/passwd.jpg", None),
    Case("climbing name on Windows", jpeg, "..\\..\\windows\\a.jpg", None),
    Case("name from right to left", jpeg, "照片\u202egpj.exe.jpg", None),
    Case("name with NUL", jpeg, "a.jpg\x00.jpg", None),
    Case("name of 300", jpeg, "很" * 300 + ".jpg", None),
    Case("name of emoji", jpeg, "👩‍👩‍👧🧹✨.jpg", None),
    Case("name of nothing", jpeg, "", None),
]

REFUSED_PICTURES = [
    Case("nothing", lambda: b"", "a.jpg", "empty"),
    Case("cut JPEG", lambda: cut(jpeg(800, 600)), "a.jpg", "broken_picture"),
    Case("cut PNG", lambda: cut(saved(scene(), "PNG")), "a.png", "broken_picture"),
    Case("cut WebP", lambda: cut(saved(scene(), "WEBP")), "a.webp", "broken_picture"),
    Case("cut HEIC", lambda: cut(saved(scene(), "HEIF")), "a.heic", "broken_picture"),
    Case("only the start", lambda: b"\xff\xd8\xff\xe0", "a.jpg", "broken_picture"),
    Case("PNG without picture", lambda: drawn.png(40, 40), "a.png", "broken_picture"),
    Case("PNG bomb", lambda: drawn.png(50_000, 50_000), "a.png", "too_many_pixels"),
    Case("PNG ribbon", lambda: drawn.png(1, 2_000_000_000), "a.png", "too_many_pixels"),
    Case("JPEG bomb", drawn.huge_jpeg_header, "a.jpg", "too_many_pixels"),
    Case(
        "WebP of 48 million",
        drawn.huge_webp_header,
        "a.webp",
        "too_many_pixels",
    ),
    Case(
        "PNG text bomb",
        lambda: drawn.png(
            40,
            40,
            body=bytes(121 * 40),
            extra=drawn.png_chunk(b"zTXt", b"k\x00\x00" + zlib.compress(bytes(100 * MB))),
        ),
        "a.png",
        "broken_picture",
    ),
    Case("GIF", lambda: saved(scene(), "GIF"), "a.gif", "unknown_type"),
    Case("animated GIF", lambda: drawn.animated("GIF"), "a.gif", "unknown_type"),
    Case("GIF as JPEG", lambda: saved(scene(), "GIF"), "a.jpg", "mismatch"),
    Case("APNG", apng, "a.png", "animated"),
    Case("animated WebP", lambda: drawn.animated("WEBP"), "a.webp", "animated"),
    Case(
        "SVG",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "a.svg",
        "unknown_type",
    ),
    Case("SVG as PNG", lambda: b"<svg onload='alert(1)'/>", "a.png", "mismatch"),
    Case("HTML as JPEG", lambda: b"<html><script>alert(1)</script></html>", "a.jpg", "mismatch"),
    Case("text as JPEG", lambda: "你好".encode() * 50, "a.jpg", "mismatch"),
    Case("JPEG as HTML", jpeg, "a.html", "mismatch"),
    Case("JPEG as program", jpeg, "照片.jpg.exe", "mismatch"),
    Case("JPEG as SVG", jpeg, "a.svg", "mismatch"),
    Case(
        "JPEG and archive",
        lambda: jpeg() + papers_made.packed({"A.class": b"x"}),
        "a.jpg",
        "hidden_content",
    ),
    Case(
        "PNG and archive",
        lambda: saved(scene(), "PNG") + papers_made.word(),
        "a.png",
        "hidden_content",
    ),
    Case("JPEG and page", lambda: jpeg() + b"<HTML><body>", "a.jpg", "hidden_content"),
    Case(
        "JPEG and PHP", lambda: jpeg(comment=b"<?php system($_GET[0]);"), "a.jpg", "hidden_content"
    ),
    Case("JPEG and PDF", lambda: jpeg(comment=pdf()), "a.jpg", "hidden_content"),
    Case(
        "JPEG and JavaScript",
        lambda: drawn.with_segment(jpeg(), 0xFE, b"*/=1;/*<script>alert(1)</script>*/"),
        "a.jpg",
        "hidden_content",
    ),
    Case("JPEG and RAR", lambda: jpeg() + b"Rar!\x1a\x07\x01\x00", "a.jpg", "hidden_content"),
    Case(
        "XMP with script",
        lambda: drawn.with_xmp(jpeg(), b"<script>alert(1)</script>"),
        "a.jpg",
        "hidden_content",
    ),
    Case(
        "GIF and archive",
        lambda: saved(scene(), "GIF") + papers_made.packed({"A": b"x"}),
        "a.gif",
        "unknown_type",
    ),
    Case("BMP", lambda: saved(scene(), "BMP"), "a.bmp", "unknown_type"),
    Case("TIFF", lambda: saved(scene(), "TIFF"), "a.tif", "unknown_type"),
    Case("JPEG 2000", lambda: saved(scene(), "JPEG2000"), "a.jp2", "unknown_type"),
    Case("AVIF", lambda: saved(scene(), "AVIF"), "a.avif", "unknown_type"),
    Case("EPS", lambda: saved(scene(), "EPS"), "a.eps", "unknown_type"),
    Case("FITS", lambda: b"SIMPLE  =                    T".ljust(2880), "a.fits", "unknown_type"),
    Case("film", lambda: b"\x00\x00\x00\x18ftypmp42" + bytes(900), "a.mp4", "unknown_type"),
    Case("16 MB photo", lambda: jpeg() + bytes(16 * MB), "a.jpg", "too_big"),
    Case("2 GB", Endless, "a.jpg", "too_big"),
    Case("EICAR in photo", lambda: jpeg() + EICAR, "a.jpg", "virus"),
    Case("PDF as photo", pdf, "a.pdf", "not_a_picture"),
    Case("Word as photo", papers_made.word, "a.jpg", "not_a_picture"),
]

KEPT_PAPERS = [
    Case("PDF", pdf, "函.pdf", None, "letter"),
    Case("scanned PDF", papers_made.scan, "扫描件.pdf", None, "letter"),
    Case("Word", papers_made.word, "函.docx", None, "letter"),
    Case("Excel", papers_made.excel, "台账.xlsx", None, "table"),
    Case("Excel with photos", lambda: papers_made.excel(photos=12), "台账.xlsx", None, "table"),
    Case("Word with workbook", lambda: word_with(
        {"word/embeddings/1.xlsx": papers_made.excel()}), "a.docx", None, "letter"),
    Case("photo as letter", jpeg, "函.jpg", None, "letter"),
]  # fmt: skip

REFUSED_PAPERS = [
    Case("EICAR", lambda: EICAR, "eicar.txt", "unknown_type", "other"),
    Case("EICAR in PDF", lambda: pdf(tail=EICAR), "a.pdf", "virus", "other"),
    Case("EICAR in Word", lambda: word_with({"word/x.xml": EICAR}), "a.docx", "virus", "other"),
    Case("text table", lambda: b"a,b,c\n1,2,3\n", "a.csv", "unknown_type", "table"),
    Case("old Excel", papers_made.ole, "a.xls", "old_office", "table"),
    Case("locked Excel", papers_made.ole, "a.xlsx", "locked_paper", "table"),
    Case("locked Word", papers_made.locked_zip, "a.docx", "locked_paper", "letter"),
    Case("cut Excel", lambda: cut(papers_made.excel()), "a.xlsx", "broken_paper", "table"),
    Case("cut PDF", lambda: cut(pdf()), "a.pdf", "broken_paper", "letter"),
    Case("PDF script", lambda: pdf(catalogue=b"/OpenAction << /S /JavaScript /JS (x) >>"),
         "a.pdf", "macros", "letter"),
    Case("PDF script in code", lambda: pdf(catalogue=b"/OpenAction << /S /#4aava#53cript >>"),
         "a.pdf", "macros", "letter"),
    Case("PDF script in stream", lambda: pdf(stream=b"9 0 << /S /JavaScript >>" * 20), "a.pdf",
         "macros", "letter"),
    Case("PDF launch", lambda: pdf(catalogue=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "a.pdf",
         "macros", "letter"),
    Case("PDF with files", lambda: pdf(catalogue=b"/Names << /EmbeddedFiles 9 0 R >>"), "a.pdf",
         "macros", "letter"),
    Case("PDF stream bomb", lambda: pdf(stream=bytes(100 * MB)), "a.pdf", "too_heavy", "letter"),
    Case("PDF and page", lambda: pdf(tail=b"<script>alert(1)</script>%%EOF"), "a.pdf",
         "hidden_content", "letter"),
    Case("page before PDF", lambda: b"<html>" + pdf(), "a.pdf", "mismatch", "letter"),
    Case("PDF and archive", lambda: pdf(tail=papers_made.packed({"A": b"x"}) + b""), "a.pdf",
         "hidden_content", "letter"),
    Case("PDF as Word", pdf, "a.docx", "mismatch", "letter"),
    Case("Word as Excel", papers_made.word, "a.xlsx", "mismatch", "table"),
    Case("Word as JPEG", papers_made.word, "a.jpg", "mismatch", "other"),
    Case("archive", lambda: papers_made.packed({"a.txt": b"x"}), "a.zip", "unknown_type", "other"),
    Case("archive of archives", lambda: papers_made.packed(
        {f"{each}.zip": papers_made.packed({"0": bytes(MB)}) for each in range(16)}), "42.docx",
        "unknown_type", "other"),
    Case("presentation", lambda: papers_made.packed(
        {"[Content_Types].xml": b"<t/>", "ppt/presentation.xml": b"<p/>"}), "a.pptx",
        "unknown_type", "other"),
    Case("Excel bomb", lambda: papers_made.bomb("xlsx"), "a.xlsx", "too_heavy", "table"),
    Case("Word bomb", lambda: papers_made.bomb("docx"), "a.docx", "too_heavy", "letter"),
    Case("steep bomb", lambda: papers_made.bomb("xlsx", 60 * MB), "a.xlsx", "too_heavy", "table"),
    Case("bomb that lies", papers_made.lying_bomb, "a.xlsx", "broken_paper", "table"),
    Case("nested bomb", papers_made.nested_bomb, "a.docx", "hidden_content", "letter"),
    Case("archive inside", lambda: word_with({"word/media/a.rar": b"Rar!\x1a\x07\x01"}), "a.docx",
         "hidden_content", "letter"),
    Case("program inside", lambda: word_with({"word/embeddings/a.bin": b"MZ" + bytes(99)}),
         "a.docx", "hidden_content", "letter"),
    Case("file packed inside", lambda: word_with({"word/embeddings/oleObject1.bin": papers_made.ole(
        "\x01Ole10Native".encode("utf-16-le"))}), "a.docx", "hidden_content", "letter"),
    Case("billion laughs", papers_made.laughs, "a.docx", "too_heavy", "letter"),
    Case("climbing part", lambda: word_with({"../../etc/cron.d/x": b"x"}), "a.docx",
         "hidden_content", "letter"),
    Case("absolute part", lambda: word_with({"/etc/x": b"x"}), "a.docx", "hidden_content",
         "letter"),
    Case("link inside", papers_made.with_link, "a.docx", "hidden_content", "letter"),
    Case("macros", lambda: word_with({"word/vbaProject.bin": b"x"}), "a.docx", "macros", "letter"),
    Case("macros as docm", lambda: word_with({"word/vbaProject.bin": b"x"}), "a.docm", "macros",
         "letter"),
    Case("macro type", lambda: papers_made.packed({"[Content_Types].xml": (
        b"<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>"),
        "word/document.xml": b"<w/>"}), "a.docx", "macros", "letter"),
    Case("ActiveX", lambda: sheet_with({"xl/activeX/activeX1.bin": b"x"}), "a.xlsx", "macros",
         "table"),
    Case("thousand parts", lambda: sheet_with({f"xl/x/{each}.xml": b"" for each in range(1200)}),
         "a.xlsx", "too_heavy", "table"),
    Case("parts laid over", papers_made.laid_over, "a.docx", "broken_paper", "letter"),
    Case("template from outside", papers_made.outside_template, "a.docx", "hidden_content",
         "letter"),
    Case("31 MB paper", lambda: word_with({}) + bytes(31 * MB), "a.docx", "too_big", "letter"),
    Case("zip64 nonsense", lambda: b"PK\x03\x04" + struct.pack("<QQ", 2**63, 2**63), "a.xlsx",
         "broken_paper", "table"),
]  # fmt: skip

CASES = [*KEPT_PICTURES, *REFUSED_PICTURES, *KEPT_PAPERS, *REFUSED_PAPERS]
