"""Opens one picture, within limits, and makes its clean small copies. No Django.

Also `prepare`, the short way for pictures that we drew ourselves."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from weicheng.evidence import exif
from weicheng.evidence.formats import (
    HEIC,
    JPEG,
    PNG,
    WEBP,
    Finding,
    Prepared,
    Refusal,
    check_pixels,
    webp_size,
)

__all__ = ["Prepared", "examine", "prepare"]  # whoever draws finds both here

THUMB_SIDE, THUMB_BYTES = 320, 25 * 1024
SCREEN_SIDE, SCREEN_BYTES = 1440, 220 * 1024
QUALITIES = (80, 70, 58, 46, 36)
PIL_NAMES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
# What no camera writes into a picture, but who disguises something as one does.
SMUGGLED = (
    b"<script", b"<html", b"<?php", b"<iframe", b"<!doctype", b"%pdf-1.", b"%pdf-2.",
    b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c",
)  # fmt: skip
EICAR = b"eicar-standard-antivirus-test-file"
TURNS = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}


def examine(path: Path, media_type: str) -> Finding:
    """Decode the picture at `path`, refuse what is not plainly a picture; thumb and screen made."""
    refuse_smuggled(path)
    if media_type == WEBP:
        with path.open("rb") as file:
            check_pixels(*webp_size(file.read(30)))
    with open_picture(path, media_type) as image:
        width, height = image.size
        check_pixels(width, height)
        if media_type != HEIC and getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
            raise Refusal("animated")
        turn, taken, position = exif.read(image)
        upright = TURNS.get(turn, [])
        screen = flatten(image)
    for step in upright:
        screen = screen.transpose(step)
    if turn >= 5 and upright:
        width, height = height, width
    return Finding(
        media_type=media_type,
        width=width,
        height=height,
        phash=difference_hash(screen),
        taken=taken,
        position=position,
        derived=derive(screen),
    )


def refuse_smuggled(path: Path) -> None:
    """Refuse a picture that is something else as well (archive, page, script, PDF)."""
    data = path.read_bytes().lower()
    if EICAR in data:
        raise Refusal("virus")
    if any(mark in data for mark in SMUGGLED):
        raise Refusal("hidden_content")
    if holds_archive(path):
        raise Refusal("hidden_content")


def holds_archive(path: Path) -> bool:
    """Whether a readable ZIP directory ends the file; a chance likeness of its mark is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return False


def open_picture(path: Path, media_type: str) -> Image.Image:
    """Read the header only; nothing is decoded yet."""
    Image.MAX_IMAGE_PIXELS = None  # our own, lower limit follows
    if media_type == HEIC:
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)
    return Image.open(path, formats=[PIL_NAMES[media_type]])


def flatten(image: Image.Image) -> Image.Image:
    """Decode at most SCREEN_SIDE pixels a side, as plain sRGB on white, without any metadata."""
    profile = image.info.get("icc_profile")
    image.draft(None, (SCREEN_SIDE, SCREEN_SIDE))  # JPEG: decode at 1/2, 1/4, 1/8
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray(eight_bits(np.asarray(image)))
    elif image.mode in {"P", "PA", "1", "LA", "La", "RGBa"}:
        see_through = "transparency" in image.info or "A" in image.mode.upper()
        image = image.convert("RGBA" if see_through else "RGB")
    image.thumbnail((SCREEN_SIDE, SCREEN_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    plain = to_srgb(image, profile)
    plain.info = {}
    return plain


def eight_bits(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """16-bit or wider grey as 8-bit grey."""
    if pixels.dtype.itemsize == 2:
        narrow: np.ndarray[Any, Any] = pixels >> 8
    else:
        scale = 1 if float(pixels.max(initial=0)) <= 255 else 256
        narrow = np.clip(pixels // scale, 0, 255)
    return narrow.astype(np.uint8)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours of a wide-gamut phone as sRGB; a broken profile is ignored."""
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if changed is not None:
                return changed
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")


def difference_hash(image: Image.Image) -> int:
    """64-bit dHash as a signed integer: which of two neighbouring patches is brighter."""
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    bits = np.packbits((grey[:, 1:] > grey[:, :-1]).ravel())
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def derive(screen: Image.Image) -> dict[str, bytes]:
    """The served copies, JPEG: thumb ≤ 320 px and 25 KB, screen ≤ 1440 px and 220 KB."""
    thumb = screen.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return {"thumb": encode(thumb, THUMB_BYTES), "screen": encode(screen, SCREEN_BYTES)}


def encode(image: Image.Image, limit: int) -> bytes:
    """The picture as JPEG of at most `limit` bytes: lower quality first, then fewer pixels."""
    data = b""
    for _ in range(8):
        for quality in QUALITIES:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=True)
            data = buffer.getvalue()
            if len(data) <= limit:
                return data
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
    return data


def prepare(data: bytes) -> Prepared:
    """Ready a JPEG that we drew ourselves (trusted, no metadata, ≤ 1440 px, ≤ 220 KB).

    Needs no Django and no database: call it where the picture is drawn, in any process.
    Raises ValueError for a picture that is not of this kind."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        width, height = image.size
        if max(width, height) > SCREEN_SIDE or len(data) > SCREEN_BYTES:
            raise ValueError("an own picture has at most 1440 px and 220 KB")
        if set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}:
            raise ValueError("an own picture carries no metadata")
        image.draft(None, (THUMB_SIDE, THUMB_SIDE))
        thumb = image.convert("RGB")
    phash = difference_hash(thumb)
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.BILINEAR)
    thumb.info = {}
    derived = {"thumb": encode(thumb, THUMB_BYTES), "screen": data}
    return Prepared(
        data, hashlib.sha256(data).hexdigest(), Finding(JPEG, width, height, phash, derived=derived)
    )
