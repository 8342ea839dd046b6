"""Things that stand in more than one scene: walls, windows, bins, bags, bushes, bicycles."""

from __future__ import annotations

import math

from weicheng.demo.dice import Dice

from .canvas import HEIGHT, WIDTH, Canvas, Colour, rgb, shade

WALLS = [rgb(c) for c in ("#D8CDBB", "#D9C4B0", "#CFC9BC", "#D5CFC4", "#DBCBA9", "#C9CDC9")]
AWNINGS = [rgb(c) for c in ("#B4593F", "#4F7A6A", "#5B7CA3", "#C08A3E", "#8A5A6B")]
GLASS, GLASS_DARK, FRAME = rgb("#93A6B3"), rgb("#86A0AF"), rgb("#6D7F8D")
ROAD, KERB, PAVING = rgb("#8E8B86"), rgb("#77746F"), rgb("#B9B3A8")
GREEN, GREEN_DEEP = rgb("#6E8B63"), rgb("#5C7853")
WHITE, CREAM, INK = rgb("#F6F4EF"), rgb("#EDEBE6"), rgb("#23262B")
SHADOW = (40, 38, 34, 46)
SCRAPS = [rgb(c) for c in ("#F4F1EA", "#7FA3C4", "#C4553B", "#D8C79A", "#9BB08A", "#E3D9C6")]


def window(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    """A two-leaf window."""
    c.rect(x, y, w, h, FRAME)
    leaf = (w - 12) / 2
    c.rect(x + 4, y + 4, leaf, h - 8, GLASS)
    c.rect(x + 8 + leaf, y + 4, leaf, h - 8, GLASS_DARK)


def aircon(c: Canvas, x: float, y: float) -> None:
    """The outdoor part of an air conditioner."""
    c.rect(x, y, 42, 28, CREAM, 2)
    c.oval(x + 15, y + 14, 10, 10, rgb("#CFCBC3"))


def facade(c: Canvas, d: Dice, *, ground: float = 342) -> tuple[Colour, float, float]:
    """A housing block with windows; returns its colour, the first bay and the step of bays."""
    wall = d.one(WALLS)
    c.rect(-40, -40, WIDTH + 80, ground + 40, wall)
    step = d.span(160, 186)
    left = d.span(14, 52)
    for floor in range(5):
        y = floor * 84 - 4
        c.rect(-40, y, WIDTH + 80, 5, shade(wall, -0.1))
        for bay in range(-1, 5):
            x = left + bay * step
            window(c, x, y + 22, 92, 56)
            if d.happens(0.5):
                aircon(c, x + 98, y + 46)
    c.rect(left + 2 * step - 22, -40, 11, ground + 40, shade(wall, -0.16))
    return wall, left, step


def street(c: Canvas, y: float = 342, *, kerb: bool = True) -> None:
    """Ground from `y` down, with a kerb line."""
    c.rect(-40, y, WIDTH + 80, HEIGHT + 60 - y, ROAD)
    if kerb:
        c.rect(-40, y, WIDTH + 80, 4, KERB)


def bush(c: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A bush standing on `y`."""
    c.blob(x, y, 46 * size, 24 * size, GREEN)
    c.blob(x + 34 * size, y, 38 * size, 18 * size, GREEN_DEEP)


def tree(c: Canvas, x: float, y: float, tall: float = 150) -> None:
    """A street tree standing on `y`."""
    c.rect(x - 5, y - tall * 0.55, 10, tall * 0.55, rgb("#7A6854"))
    c.oval(x, y - tall * 0.72, tall * 0.34, tall * 0.3, GREEN)
    c.oval(x - tall * 0.16, y - tall * 0.62, tall * 0.2, tall * 0.17, GREEN_DEEP)
    c.oval(x + tall * 0.12, y - tall * 0.84, tall * 0.16, tall * 0.12, shade(GREEN, 0.12))


def bricks(c: Canvas, d: Dice, bottom: float, *, wall: Colour | None = None) -> Colour:
    """A brick wall down to `bottom`."""
    wall = wall or d.one(WALLS)
    c.rect(-40, -40, WIDTH + 80, bottom + 40, shade(wall, -0.06))
    seam = shade(wall, 0.28)
    high, wide = 26, 62
    for row in range(-2, int(bottom // high) + 1):
        y = bottom - row * high
        c.rect(-40, y - high, WIDTH + 80, 2, seam)
        for col in range(-1, 12):
            c.rect(col * wide + (row % 2) * wide / 2, y - high, 2, high, seam)
    return wall


def paving(c: Canvas, top: float, *, tone: Colour = PAVING, rows: int = 5) -> None:
    """Paving stones in perspective from `top` down."""
    c.rect(-40, top, WIDTH + 80, HEIGHT + 60 - top, tone)
    seam = shade(tone, -0.13)
    deep = HEIGHT + 40 - top
    for row in range(rows + 1):
        c.rect(-40, top + deep * (row / rows) ** 1.6, WIDTH + 80, 2, seam)
    for col in range(-8, 9):
        c.line([(WIDTH / 2 + col * 62, top), (WIDTH / 2 + col * 118, HEIGHT + 40)], seam, 1.6)


def bin_(c: Canvas, x: float, y: float, colour: Colour, *, lid: bool = True) -> None:
    """A wheeled bin standing on `y`, 100 wide and 150 high."""
    c.oval(x + 52, y + 2, 64, 11, SHADOW)
    c.poly([(x, y - 130), (x + 100, y - 130), (x + 88, y), (x + 12, y)], colour)
    for at in (28, 50, 72):
        c.line([(x + at, y - 118), (x + at + (50 - at) * 0.1, y - 16)], shade(colour, -0.24), 4)
    c.rect(x + 14, y - 6, 16, 10, INK, 4)
    c.rect(x + 70, y - 6, 16, 10, INK, 4)
    if lid:
        c.rect(x - 6, y - 146, 112, 17, shade(colour, -0.14), 5)


def bag(c: Canvas, d: Dice, x: float, y: float, size: float = 1.0) -> None:
    """A knotted rubbish bag lying on `y`."""
    colour = rgb(d.one(("#3B4250", "#2B2F36", "#EFE9DC", "#4C5A6B", "#D9D3C6")))
    c.oval(x, y, 34 * size, 6 * size, SHADOW)
    c.blob(x, y, 31 * size, 34 * size, colour)
    c.poly(
        [
            (x - 5 * size, y - 31 * size),
            (x - 11 * size, y - 45 * size),
            (x, y - 38 * size),
            (x + 10 * size, y - 45 * size),
            (x + 5 * size, y - 31 * size),
        ],
        shade(colour, 0.1),
    )
    c.bow(
        (x - 13 * size, y - 7 * size),
        (x - 15 * size, y - 18 * size),
        (x - 6 * size, y - 24 * size),
        (x - 2 * size, y - 28 * size),
        shade(colour, 0.24),
        2,
        6,
    )


def litter(c: Canvas, d: Dice, box: tuple[float, float, float, float], count: int) -> None:
    """Scraps scattered over `box` (x, y, w, h)."""
    x, y, w, h = box
    for _ in range(count):
        cx, cy, turn = x + w * d.random(), y + h * d.random(), d.random() * math.pi
        a, b = d.span(5, 11), d.span(2.5, 4.5)
        ca, sa = math.cos(turn), math.sin(turn) * 0.6
        c.poly(
            [
                (cx - a * ca + b * sa, cy - a * sa - b * ca * 0.6),
                (cx + a * ca + b * sa, cy + a * sa - b * ca * 0.6),
                (cx + a * ca - b * sa, cy + a * sa + b * ca * 0.6),
                (cx - a * ca - b * sa, cy - a * sa + b * ca * 0.6),
            ],
            d.one(SCRAPS),
        )


def carton(c: Canvas, x: float, y: float, w: float, h: float, tone: str = "#B98F5F") -> None:  # noqa: PLR0917
    """A cardboard box standing on `y`."""
    colour = rgb(tone)
    c.rect(x, y - h, w, h, colour)
    c.poly(
        [(x, y - h), (x + 12, y - h - 10), (x + w + 12, y - h - 10), (x + w, y - h)],
        shade(colour, 0.16),
    )
    c.poly(
        [(x + w, y), (x + w + 12, y - 10), (x + w + 12, y - h - 10), (x + w, y - h)],
        shade(colour, -0.18),
    )
    c.rect(x + w * 0.42, y - h, w * 0.16, h, shade(colour, 0.12))


def bicycle(c: Canvas, x: float, y: float, colour: Colour, *, lean: float = 0.0) -> None:
    """A shared bicycle, wheels on `y`; `lean` in radians tips it over."""
    ca, sa = math.cos(lean), math.sin(lean)

    def at(px: float, py: float) -> tuple[float, float]:
        return (x + px * ca - py * sa, y + px * sa + py * ca)

    for wheel in (-38, 38):
        cx, cy = at(wheel, -25)
        c.oval(cx, cy, 25, 25 - 9 * abs(sa), ring=INK, width=3.4)
        c.oval(cx, cy, 3.4, 3.4, INK)
    frame = shade(colour, -0.05)
    c.line([at(-38, -25), at(-4, -28), at(26, -62), at(-16, -60), at(-38, -25)], frame, 5)
    c.line([at(-4, -28), at(-18, -68)], frame, 5)
    c.line([at(38, -25), at(26, -62), at(22, -78), at(36, -80)], frame, 5)
    c.line([at(-28, -70), at(-8, -70)], INK, 6)
    c.line([at(34, -80), at(24, -82)], INK, 4)


def awning(c: Canvas, x: float, y: float, w: float, colour: Colour) -> None:
    """A striped shop awning hanging from `y`."""
    count = max(2, round(w / 30))
    part = w / count
    for i in range(count):
        tone = colour if i % 2 == 0 else WHITE
        left = x + i * part
        c.rect(left, y, part + 0.6, 22, tone)
        c.oval(left + part / 2, y + 22, part / 2, 8, tone)
    c.rect(x, y, w, 4, shade(colour, -0.2))


def shop(c: Canvas, d: Dice, x: float, w: float, ground: float) -> None:
    """A shop front of width `w` standing on `ground`: sign, awning, door and window."""
    colour = d.one(AWNINGS)
    c.rect(x, ground - 230, w, 230, shade(d.one(WALLS), 0.1))
    c.rect(x + 6, ground - 224, w - 12, 44, shade(colour, -0.12), 3)
    for i in range(4):
        c.rect(x + w / 2 - 62 + i * 32, ground - 213, 22, 22, rgb("#F6E9C8"), 3)
    c.rect(x + 14, ground - 128, w * 0.5, 96, FRAME)
    c.rect(x + 18, ground - 124, w * 0.5 - 8, 88, GLASS)
    c.poly(
        [
            (x + 30, ground - 36),
            (x + 60, ground - 124),
            (x + 84, ground - 124),
            (x + 54, ground - 36),
        ],
        (255, 255, 255, 46),
    )
    c.rect(x + w * 0.62, ground - 142, w * 0.3, 142, FRAME)
    c.rect(x + w * 0.62 + 5, ground - 137, w * 0.3 - 10, 132, GLASS_DARK)
    awning(c, x + 2, ground - 178, w - 4, colour)
