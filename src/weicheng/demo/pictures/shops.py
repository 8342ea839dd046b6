"""Scenes of shops: a wall without papers, a kitchen bench, cars before the doors."""

from __future__ import annotations

from weicheng.demo.dice import Dice

from .canvas import HEIGHT, WIDTH, Canvas, Colour, rgb, shade
from .props import AWNINGS, INK, SHADOW, WALLS, WHITE, litter, paving, shop, tree


def papers(c: Canvas, d: Dice, fixed: bool) -> None:
    """A counter whose wall shows no licence; afterwards framed licences and a no-smoking sign."""
    wall = shade(d.one(WALLS), 0.3)
    c.rect(-40, -40, WIDTH + 80, HEIGHT + 80, wall)
    c.rect(-40, 226, WIDTH + 80, 8, shade(wall, -0.2))
    _shelf(c, d)
    front = shade(d.one(AWNINGS), 0.1)
    c.rect(-40, 262, WIDTH + 80, 190, front)
    c.rect(-40, 250, WIDTH + 80, 18, rgb("#E9E4D8"))
    for x in range(-20, WIDTH + 20, 110):
        c.rect(x, 284, 92, 130, shade(front, -0.1), 4)
    c.rect(300, 196, 86, 56, rgb("#3A4048"), 4)
    c.rect(306, 202, 74, 40, rgb("#7FA3C4"), 2)
    if fixed:
        _licensed(c, d)
    else:
        _unlicensed(c, d, shade(wall, -0.07))


def _shelf(c: Canvas, d: Dice) -> None:
    c.rect(430, 30, 240, 200, rgb("#9A7B5B"))
    goods = [rgb(x) for x in ("#C4553B", "#5B7CA3", "#E2C04A", "#6D9A62", "#EDEBE6")]
    for row in range(3):
        c.rect(438, 40 + row * 62, 224, 50, rgb("#7D6248"))
        for i in range(7):
            c.rect(446 + i * 30, 56 + row * 62, 18, 34, d.one(goods), 3)


def _licensed(c: Canvas, d: Dice) -> None:
    frame = d.one((rgb("#B98F3F"), rgb("#7A5A3C")))
    for x in (46, 150, 254):
        _licence(c, x, frame)
    red = rgb("#C43A2E")
    c.oval(60, 214, 26, 26, WHITE)
    c.oval(60, 214, 26, 26, ring=red, width=5)
    c.line([(44, 216), (76, 216)], INK, 5)
    c.line([(43, 197), (77, 231)], red, 5)


def _unlicensed(c: Canvas, d: Dice, stain: Colour) -> None:
    for x in (46, 150, 254):
        c.rect(x, 60, 84, 110, stain, 2)
        c.oval(x + 42, 56, 3, 3, INK)
    for _ in range(4):
        c.rect(d.span(80, 280), 234, 16, 16, rgb("#D9D3C6"), 3)
    c.oval(160, 246, 24, 7, rgb("#8A8F94"))
    for i in range(5):
        c.line([(146 + i * 7, 244), (150 + i * 8, 232)], rgb("#EFE3C8"), 4)


def _licence(c: Canvas, x: float, frame: Colour) -> None:
    c.rect(x, 60, 84, 110, frame, 2)
    c.rect(x + 6, 66, 72, 98, WHITE)
    c.oval(x + 42, 82, 7, 7, rgb("#C43A2E"))
    c.rect(x + 22, 96, 40, 6, rgb("#4B5563"), 2)
    for i in range(4):
        c.rect(x + 16, 112 + i * 11, 52 - (i % 2) * 14, 4, rgb("#9FB3C8"), 2)


def kitchen(c: Canvas, d: Dice, fixed: bool) -> None:
    """A kitchen bench with raw and cooked food mixed; afterwards covered boxes and clean tiles."""
    tile = rgb(d.one(("#E6E9E6", "#E9E5DA", "#DEE6E9")))
    c.rect(-40, -40, WIDTH + 80, 320, tile)
    for x in range(-40, WIDTH + 40, 54):
        c.rect(x, -40, 1.6, 320, shade(tile, -0.09))
    for y in range(-10, 280, 40):
        c.rect(-40, y, WIDTH + 80, 1.6, shade(tile, -0.09))
    c.rect(30, 92, 580, 10, rgb("#9AA3A8"))
    for i in range(5):
        c.line([(70 + i * 44, 102), (70 + i * 44, 128)], rgb("#7C868C"), 3)
        c.oval(70 + i * 44, 140, 15, 12, rgb("#8C959B"))
    c.rect(-40, 262, WIDTH + 80, 22, rgb("#C7CDD0"))
    c.rect(-40, 284, WIDTH + 80, 180, rgb("#AEB6BB"))
    c.rect(20, 330, 600, 10, rgb("#8C959B"))
    for x in range(40, 620, 150):
        c.rect(x, 284, 8, 140, rgb("#8C959B"))
    if fixed:
        _covered(c)
    else:
        _greasy(c, d)


DISHES = ("#C4553B", "#7FA24F", "#D9A04A", "#B5654F")


def _covered(c: Canvas) -> None:
    for i, tone in enumerate(DISHES):
        x = 290 + i * 84
        c.rect(x, 226, 72, 36, WHITE, 4)
        c.rect(x - 3, 216, 78, 12, rgb(tone), 4)
        c.rect(x + 18, 238, 36, 12, rgb("#9FB3C8"), 2)
        c.rect(x, 56, 62, 36, rgb("#BFD0D8"), 3)
        c.rect(x + 12, 66, 38, 14, WHITE, 2)
    c.rect(40, 204, 90, 58, rgb("#DCE5E6"), 4)
    c.rect(48, 212, 74, 42, rgb("#9FC0CC"), 3)


def _greasy(c: Canvas, d: Dice) -> None:
    for i in range(len(DISHES)):
        left = 290 + i * 84
        c.rect(left, 226, 72, 36, rgb("#8E7F6C"), 4)
        for _ in range(7):
            c.oval(left + d.span(6, 66), 226 + d.span(-14, 4), 13, 10, rgb(d.one(DISHES)))
    for _ in range(26):
        c.oval(d.span(0, 640), d.span(20, 256), d.span(5, 22), d.span(8, 34), (112, 84, 44, 66))
    c.poly([(60, 262), (180, 262), (170, 236), (74, 236)], rgb("#7D6248"))
    for _ in range(9):
        c.oval(
            120 + d.span(-46, 46),
            236 - d.span(0, 14),
            15,
            10,
            rgb(d.one(("#C98A7A", "#B5654F", "#E2C9A8"))),
        )
    for i in range(16):
        x, y = d.span(60, 600), d.span(150, 330)
        c.oval(x, y, 3.4, 2.4, INK)
        c.line([(x - 4, y - 4), (x + 4, y - 4 - (i % 2))], (60, 60, 60, 140), 1.4)
    litter(c, d, (60, 346, 520, 46), 26)
    c.oval(420, 372, 120, 14, (96, 84, 62, 180))


def cars(c: Canvas, d: Dice, fixed: bool) -> None:
    """Cars left on the pavement across the blind track; afterwards free."""
    shop(c, d, -10, 220, 220)
    shop(c, d, 212, 220, 220)
    shop(c, d, 434, 220, 220)
    paving(c, 220)
    c.rect(-40, 288, WIDTH + 80, 16, rgb("#D3AE52"))
    for x in range(-30, WIDTH + 30, 12):
        c.oval(x, 296, 2.4, 2.4, rgb("#B8933C"))
    paints = [rgb(x) for x in ("#E5E3DE", "#8A3F3A", "#3F5A7A", "#6E7581", "#C9A86A")]
    if fixed:
        for x in range(50, WIDTH, 90):
            c.rect(x, 330, 9, 46, rgb("#5A5E63"), 4)
            c.rect(x, 338, 9, 8, rgb("#E2BE4A"))
        tree(c, d.span(80, 120), 286, 150)
        return
    first = d.span(-20, 30)
    _car(c, first, 322, d.one(paints))
    _car(c, first + 318, 334, d.one(paints))
    litter(c, d, (0, 340, 620, 50), 10)


def _car(c: Canvas, x: float, y: float, paint: Colour) -> None:
    c.oval(x + 140, y + 36, 158, 13, SHADOW)
    c.poly([(x + 52, y - 42), (x + 88, y - 92), (x + 190, y - 92), (x + 236, y - 42)], paint)
    c.poly(
        [(x + 66, y - 44), (x + 94, y - 84), (x + 136, y - 84), (x + 136, y - 44)], rgb("#5D7484")
    )
    c.poly(
        [(x + 144, y - 44), (x + 144, y - 84), (x + 184, y - 84), (x + 220, y - 44)], rgb("#6F8797")
    )
    c.rect(x + 2, y - 46, 278, 66, paint, 18)
    c.rect(x + 2, y - 4, 278, 8, shade(paint, -0.18))
    c.rect(x + 264, y - 32, 18, 14, rgb("#F3DFA0"), 4)
    c.rect(x, y - 32, 14, 14, rgb("#B4443B"), 4)
    c.rect(x + 118, y - 30, 26, 6, shade(paint, -0.26), 3)
    for wheel in (x + 64, x + 216):
        c.oval(wheel, y + 18, 29, 29, INK)
        c.oval(wheel, y + 18, 15, 15, rgb("#B9BFC3"))
