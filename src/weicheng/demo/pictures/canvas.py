"""A canvas drawn at twice its size and reduced: shapes in picture points, 640 by 400."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

WIDTH, HEIGHT = 640, 400
FINE = 2  # drawn this many times larger, then reduced

Colour = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]


def rgb(code: str, alpha: int | None = None) -> Colour:
    """`"#D8CDBB"` as a colour, with an optional alpha of 0 to 255."""
    red, green, blue = int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)
    return (red, green, blue) if alpha is None else (red, green, blue, alpha)


def shade(colour: Colour, by: float) -> Colour:
    """`colour` lighter (`by` above 0) or darker (below 0), at most 1 either way."""
    goal = 255 if by > 0 else 0
    part = abs(by)
    red, green, blue = (round(c + (goal - c) * part) for c in colour[:3])
    return (red, green, blue)


class Canvas:
    """Flat shapes with soft edges; `zoom` and `at` move the camera, alike before and after."""

    def __init__(self, ground: Colour, zoom: float = 1.0, at: Point = (0.0, 0.0)) -> None:
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), ground[:3])
        self._opaque = ImageDraw.Draw(self.image)
        self._glazing = ImageDraw.Draw(self.image, "RGBA")  # blends, and takes longer
        self.k = FINE * zoom
        self.ox = -at[0] * self.k
        self.oy = -at[1] * self.k

    def _pen(self, *colours: Colour | None) -> ImageDraw.ImageDraw:
        """The quick pen, unless one of the colours lets something through."""
        glass = any(colour is not None and len(colour) == 4 for colour in colours)
        return self._glazing if glass else self._opaque

    def _at(self, points: Sequence[Point]) -> list[Point]:
        k, ox, oy = self.k, self.ox, self.oy
        return [(x * k + ox, y * k + oy) for x, y in points]

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, r: float = 0) -> None:  # noqa: PLR0917
        """A box from its upper left corner, with corners of radius `r`."""
        (x0, y0), (x1, y1) = self._at([(x, y), (x + w, y + h)])
        box = (x0, y0, max(x0, x1 - 1), max(y0, y1 - 1))
        if r:
            self._pen(fill).rounded_rectangle(box, r * self.k, fill=fill)
        else:
            self._pen(fill).rectangle(box, fill=fill)

    def poly(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._pen(fill).polygon(self._at(points), fill=fill)

    def oval(  # noqa: PLR0917
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: Colour | None = None,
        ring: Colour | None = None,
        width: float = 2,
    ) -> None:
        """An ellipse about its centre, filled or as a ring."""
        (x0, y0), (x1, y1) = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._pen(fill, ring).ellipse(
            (x0, y0, x1, y1), fill=fill, outline=ring, width=max(1, round(width * self.k))
        )

    def line(self, points: Sequence[Point], fill: Colour, width: float = 2) -> None:
        """A line through `points`, joints closed."""
        wide = max(1, round(width * self.k))
        joint = "curve" if wide > 3 and len(points) > 2 else None
        self._pen(fill).line(self._at(points), fill=fill, width=wide, joint=joint)

    def bow(  # noqa: PLR0917
        self, a: Point, b: Point, c: Point, d: Point, fill: Colour, width: float = 2, n: int = 14
    ) -> None:
        """A Bézier curve from `a` to `d`."""
        self.line(bezier(a, b, c, d, n), fill, width)

    def blob(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """The upper half of an ellipse standing on `y`: a bush, a heap, a bag."""
        steps = 14
        points = [
            (x - rx * math.cos(math.pi * i / steps), y - ry * math.sin(math.pi * i / steps))
            for i in range(steps + 1)
        ]
        self.poly(points, fill)

    def finish(self, *, light: tuple[float, float, float], mirrored: bool) -> Image.Image:
        """The picture at its size, in the light of its hour (factor per channel)."""
        small = self.image.reduce(FINE)
        if mirrored:
            small = ImageOps.mirror(small)
        if light != (1.0, 1.0, 1.0):
            table = [min(255, round(v * f)) for f in light for v in range(256)]
            small = small.point(table)
        return small


def bezier(a: Point, b: Point, c: Point, d: Point, n: int = 14) -> list[Point]:
    """`n` + 1 points of the cubic curve."""
    points = []
    for i in range(n + 1):
        t = i / n
        s = 1 - t
        w0, w1, w2, w3 = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        points.append(
            (
                a[0] * w0 + b[0] * w1 + c[0] * w2 + d[0] * w3,
                a[1] * w0 + b[1] * w1 + c[1] * w2 + d[1] * w3,
            )
        )
    return points


def jpeg(image: Image.Image) -> bytes:
    """The picture as JPEG without metadata; equal pictures give equal bytes."""
    out = BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()
