"""Scenes of grounds: a building site, a market gate, a river."""

from __future__ import annotations

from weicheng.demo.dice import Dice

from .canvas import WIDTH, Canvas, Colour, rgb, shade
from .props import (
    GREEN,
    GREEN_DEEP,
    INK,
    SHADOW,
    WALLS,
    WHITE,
    awning,
    bag,
    carton,
    litter,
    paving,
    tree,
)


def fence(c: Canvas, d: Dice, fixed: bool) -> None:
    """A building site behind a broken fence; afterwards a whole fence and covered soil."""
    c.rect(-40, -40, WIDTH + 80, 320, rgb(d.one(("#CFDCE3", "#D8DFE0", "#DDE0D8"))))
    _works(c)
    paving(c, 330, rows=3)
    heap = GREEN_DEEP if fixed else rgb("#A98A63")
    c.rect(-40, 250, WIDTH + 80, 82, shade(heap, -0.08))
    c.blob(330, 252, 170, 72, heap)
    c.blob(490, 252, 130, 50, shade(heap, -0.08))
    panel = rgb(d.one(("#5B8FB0", "#6D9A76", "#7C93A8")))
    gap = () if fixed else (d.whole(2, 3), d.whole(4, 5))
    for i in range(-1, 8):
        if i not in gap:
            _panel(c, i * 84 - 6, panel)
    if fixed:
        c.rect(-40, 322, WIDTH + 80, 12, rgb("#8E8B86"))
        for i in range(-6, 7):
            c.line([(330 + i * 24, 219), (330 + i * 14, 190)], shade(heap, 0.16), 1.4)
            c.oval(330 + i * 48, 214, 4, 4, WHITE)
    else:
        _breach(c, d, gap, panel)


def _works(c: Canvas) -> None:
    c.rect(60, 60, 150, 200, rgb("#B3ADA2"))
    for cell in range(20):
        c.rect(72 + cell % 4 * 34, 72 + cell // 4 * 38, 22, 24, rgb("#8C877D"))
    crane = rgb("#D2A03C")
    c.rect(430, 20, 9, 250, crane)
    c.rect(330, 34, 250, 8, crane)
    c.line([(434, 10), (340, 36)], crane, 3)
    c.line([(434, 10), (570, 36)], crane, 3)
    c.line([(360, 42), (360, 104)], INK, 1.6)
    c.rect(350, 104, 22, 12, rgb("#7A6854"))


def _breach(c: Canvas, d: Dice, gap: tuple[int, ...], panel: Colour) -> None:
    for at in gap:
        x = at * 84 - 6
        c.poly([(x + 6, 348), (x + 92, 330), (x + 106, 366), (x + 14, 386)], shade(panel, -0.1))
        c.blob(x + 40, 342, 84, 34, rgb("#A98A63"))
    c.poly([(120, 372), (540, 366), (600, 396), (60, 396)], rgb("#9A8263"))
    litter(c, d, (60, 352, 520, 40), 20)


def _panel(c: Canvas, x: float, panel: Colour) -> None:
    c.rect(x, 220, 80, 106, panel)
    for k in range(1, 5):
        c.rect(x + k * 16, 224, 2, 98, shade(panel, -0.12))
    c.rect(x, 220, 80, 6, WHITE)
    c.rect(x, 296, 80, 12, rgb("#E9E4D8"))
    c.rect(x + 79, 216, 6, 116, rgb("#7F8890"))


def market(c: Canvas, d: Dice, fixed: bool) -> None:
    """A market gate choked by stalls; afterwards open, with a fire lane."""
    c.rect(-40, -40, WIDTH + 80, 340, d.one(WALLS))
    c.rect(-40, -40, WIDTH + 80, 80, rgb("#C9D6DF"))
    roof = rgb(d.one(("#9C5B45", "#5B7C8A", "#7A6E9A")))
    c.poly([(60, 92), (320, 26), (580, 92)], roof)
    c.poly([(120, 92), (320, 42), (520, 92)], shade(roof, 0.2))
    c.rect(80, 92, 480, 40, shade(roof, -0.15))
    for i in range(6):
        c.rect(196 + i * 44, 99, 28, 26, rgb("#F6E9C8"), 3)
    for x in (92, 204, 410, 522):
        c.rect(x, 132, 26, 160, rgb("#D9D3C6"))
        c.rect(x - 4, 284, 34, 12, rgb("#B9B3A8"))
    c.rect(230, 132, 180, 160, rgb("#6F6A62"))
    for i in range(4):
        c.rect(244 + i * 42, 158, 30, 12, rgb("#F3DFA0"), 3)
        c.rect(240 + i * 44, 226, 36, 22, rgb(("#7FA24F", "#D9793B", "#C4443B", "#E2C04A")[i]))
        c.rect(240 + i * 44, 248, 36, 44, rgb("#8F6E49"))
    paving(c, 292, rows=4)
    if fixed:
        c.poly([(214, 300), (426, 300), (506, 396), (134, 396)], (226, 190, 74, 90))
        for i in range(5):
            y = 306 + i * 20
            half = 104 + i * 19
            c.line([(320 - half, y + 8), (320 - half * 0.72, y)], rgb("#E2BE4A"), 5)
            c.line([(320 + half * 0.72, y), (320 + half, y + 8)], rgb("#E2BE4A"), 5)
        for x in (150, 480):
            c.rect(x, 236, 10, 70, rgb("#C43A2E"))
            c.rect(x, 250, 10, 12, WHITE)
            c.rect(x, 276, 10, 12, WHITE)
        return
    _gate_stalls(c, d)


def _gate_stalls(c: Canvas, d: Dice) -> None:
    for i, x in enumerate((20, 176, 332, 488)):
        px, y = x + d.span(-14, 14), 356 + (i % 2) * 20
        tone = rgb(d.one(("#C4553B", "#5B7CA3", "#D49A3A", "#6D9A62", "#8A5A6B")))
        c.oval(px + 70, y + 6, 96, 10, SHADOW)
        for leg in (px + 4, px + 134):
            c.line([(leg, y), (leg, y - 142)], rgb("#6B6F75"), 4)
        awning(c, px - 12, y - 158, 164, tone)
        c.rect(px - 2, y - 62, 144, 58, rgb("#8F6E49"))
        c.rect(px - 6, y - 68, 152, 12, rgb("#B98F5F"))
        for k in range(6):
            c.oval(
                px + 16 + k * 22,
                y - 74,
                13,
                12,
                rgb(d.one(("#7FA24F", "#D9793B", "#C4443B", "#E2C04A", "#9B6A8A"))),
            )
    for x in (140, 300, 456):
        carton(c, x + d.span(-10, 10), 396, 54, 36)
    litter(c, d, (10, 366, 620, 30), 26)


def river(c: Canvas, d: Dice, fixed: bool) -> None:
    """A river with floating waste; afterwards clear water."""
    c.rect(-40, -40, WIDTH + 80, 170, rgb("#D3DEE3"))
    for i in range(7):
        tall = d.span(40, 96)
        c.rect(i * 96 - 20, 120 - tall, 76, tall + 10, shade(d.one(WALLS), 0.06))
    for i in range(6):
        tree(c, 20 + i * 122, 138, 84)
    c.poly([(-40, 132), (700, 132), (700, 176), (-40, 196)], GREEN)
    c.poly([(-40, 196), (700, 176), (700, 192), (-40, 216)], rgb("#BDB6AA"))
    water = rgb("#7FA9BF") if fixed else rgb("#7E8A72")
    c.poly([(-40, 216), (700, 192), (700, 460), (-40, 460)], water)
    for _ in range(26):
        x, y = d.span(-20, 640), d.span(224, 392)
        c.line([(x, y), (x + d.span(30, 80), y)], shade(water, 0.2), 2.6)
    if fixed:
        for i in range(9):
            c.blob(450 + i * 24, 392 - (i % 3) * 8, 17, 10, GREEN_DEEP)
        return
    for x, y, rx, ry in ((170, 300, 150, 22), (420, 344, 180, 26), (520, 252, 110, 14)):
        c.oval(x, y, rx, ry, (106, 118, 62, 190))
    for _ in range(9):
        bag(c, d, d.span(60, 580), d.span(270, 380), d.span(0.5, 0.9))
    litter(c, d, (30, 250, 560, 130), 70)
