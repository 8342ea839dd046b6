"""The mark 示意图 in the corner, drawn stroke by stroke: no Chinese font is needed."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw

# Each character as strokes on a 16 by 16 grid, by our own hand.
STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "示": (
        ((3.5, 3), (12.5, 3)),
        ((1.5, 6.7), (14.5, 6.7)),
        ((8, 6.7), (8, 14), (6, 13.4)),
        ((5, 9), (2.2, 12.8)),
        ((11, 9), (13.8, 12.8)),
    ),
    "意": (
        ((8, 0.6), (8, 2.2)),
        ((2.5, 2.4), (13.5, 2.4)),
        ((5.6, 3.4), (6.2, 4.6)),
        ((10.4, 3.4), (9.8, 4.6)),
        ((1.3, 5), (14.7, 5)),
        ((4, 6.6), (12, 6.6), (12, 10.6), (4, 10.6), (4, 6.6)),
        ((4, 8.6), (12, 8.6)),
        ((2.8, 12), (2, 14.6)),
        ((5, 12), (5.3, 14.6), (6, 15), (10, 15), (10.8, 13.6)),
        ((7.6, 11.7), (8.8, 13.2)),
        ((12.4, 12), (14, 14.4)),
    ),
    "图": (
        ((2, 1.6), (14, 1.6), (14, 14.6), (2, 14.6), (2, 1.6)),
        ((7, 2.9), (4, 7)),
        ((6.2, 4.6), (10.8, 4.6), (8.6, 7.2), (4, 9.2)),
        ((6.2, 5.6), (8.6, 7.2), (12.2, 9)),
        ((7.2, 9.3), (9.2, 10.2)),
        ((5.8, 11.3), (9.8, 12.9)),
    ),
}
CELL = 15  # picture points of one character
PAD_X, PAD_Y = 8, 5
ALPHA = 170
OVER = 4


@cache
def plate() -> Image.Image:
    """The mark as an RGBA picture of about 61 by 25 points."""
    width, height = 3 * CELL + 2 * PAD_X, CELL + 2 * PAD_Y
    image = Image.new("RGBA", (width * OVER, height * OVER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle(
        (0, 0, width * OVER - 1, height * OVER - 1), 4 * OVER, fill=(28, 42, 60, ALPHA)
    )
    unit = CELL * OVER / 16
    for place, strokes in enumerate(STROKES.values()):
        left, top = (PAD_X + place * CELL) * OVER, PAD_Y * OVER
        for stroke in strokes:
            points = [(left + x * unit, top + y * unit) for x, y in stroke]
            pen.line(points, fill=(255, 255, 255, 255), width=round(1.35 * unit), joint="curve")
    return image.reduce(OVER)


def stamp(image: Image.Image) -> None:
    """Put the mark into the lower right corner."""
    mark = plate()
    at = (image.width - mark.width - 10, image.height - mark.height - 10)
    image.paste(mark, at, mark)
