"""Scenes of the street: cables, bins, adverts, rubbish, covers, paving, green, bicycles, stalls."""

from __future__ import annotations

import math

from weicheng.demo.dice import Dice

from .canvas import HEIGHT, WIDTH, Canvas, Colour, rgb, shade
from .props import (
    GREEN,
    GREEN_DEEP,
    INK,
    PAVING,
    ROAD,
    SHADOW,
    WALLS,
    WHITE,
    bag,
    bicycle,
    bin_,
    bricks,
    bush,
    carton,
    facade,
    litter,
    paving,
    shop,
    street,
    tree,
)

CABLE_INKS = [rgb(c) for c in ("#17191C", "#23262B", "#2F3238", "#3D3A38", "#1D2024")]


def cables(c: Canvas, d: Dice, fixed: bool) -> None:
    """Tangled lines on a facade; afterwards a white tray."""
    facade(c, d)
    street(c)
    bush(c, 60, 344)
    bush(c, 556, 344, 1.1)
    y = d.span(158, 172)
    if fixed:
        c.rect(-40, y, WIDTH + 80, 14, WHITE)
        c.rect(-40, y + 14, WIDTH + 80, 2.4, rgb("#B3A791"))
        for clip in range(20, WIDTH, 72):
            c.rect(clip, y - 3, 8, 20, rgb("#CFC8BA"))
        c.rect(212, y + 14, 10, 330 - y, WHITE)
        c.rect(196, 236, 42, 56, rgb("#E7E3DA"), 3)
        c.rect(200, 240, 34, 48, rgb("#D8D3C6"), 2)
        return
    for _ in range(15):
        _sagging(c, d, y)
    for knot in (d.span(120, 170), d.span(310, 350), d.span(480, 540)):
        for _ in range(7):
            c.oval(
                knot + d.span(-9, 9),
                y + d.span(-6, 12),
                d.span(18, 32),
                d.span(12, 22),
                ring=INK,
                width=2.3,
            )
    for _ in range(6):
        x, fall = d.span(40, 600), d.span(70, 150)
        c.bow((x, y + 6), (x + 8, y + 36), (x - 14, y + 60), (x + 10, y + fall), INK, 2.4)


def _sagging(c: Canvas, d: Dice, y: float) -> None:
    x, points = -20.0, [(-20.0, y + d.span(-12, 12))]
    colour = rgb("#D9D5CC") if d.happens(0.14) else d.one(CABLE_INKS)
    width = d.one((2.0, 2.6, 3.4))
    while x < WIDTH + 20:
        end = x + d.span(70, 150)
        sag, top = d.span(16, 56), y + d.span(-14, 12)
        start = points[-1][1]
        for i in range(1, 8):
            t = i / 7
            level = start + (top - start) * t + sag * 4 * t * (1 - t) * 0.8
            points.append((x + (end - x) * t, level))
        x = end
    c.line(points, colour, width)


def bins(c: Canvas, d: Dice, fixed: bool) -> None:
    """Two bins by a wall, overflowing; afterwards shut and clean."""
    bricks(c, d, 258)
    paving(c, 258)
    green, grey = rgb(d.one(("#5C8060", "#4E7F74", "#4C7A99"))), rgb("#6E7581")
    left = d.span(110, 170)
    right = left + d.span(160, 210)
    bin_(c, left, 336, green, lid=fixed)
    bin_(c, right, 336, grey)
    if fixed:
        for x in (left, right):
            c.rect(x + 36, 240, 28, 28, WHITE, 3)
            c.rect(x + 42, 251, 16, 5, INK)
            if x == left:
                c.rect(x + 47.5, 246, 5, 16, INK)
        return
    bag(c, d, left + 26, 214, 0.95)
    bag(c, d, left + 70, 212, 1.05)
    c.oval(left + 46, 172, 44, 18, rgb("#3A3D42"))
    c.poly(
        [(left - 16, 206), (left + 92, 164), (left + 98, 180), (left - 8, 220)], shade(green, -0.22)
    )
    for x in (left - 40, left + 112, left + 146, right + 122):
        bag(c, d, x, 356 + d.span(-8, 14), d.span(0.9, 1.2))
    carton(c, right + 60, 372, 62, 40)
    litter(c, d, (left - 90, 344, 460, 48), 34)


def adverts(c: Canvas, d: Dice, fixed: bool) -> None:
    """Small bills on a door and its wall; afterwards clean and painted."""
    wall = d.one(WALLS)
    c.rect(-40, -40, WIDTH + 80, HEIGHT + 80, wall)
    c.rect(-40, 318, WIDTH + 80, 140, shade(wall, -0.2))
    door = rgb(d.one(("#8A6A50", "#7B5A4A", "#5E6F7A", "#6B7A62")))
    left = d.span(200, 260)
    c.rect(left - 14, 24, 248, 400, shade(wall, 0.3))
    c.rect(left, 36, 220, 400, door)
    for row in range(3):
        for col in range(2):
            c.rect(left + 18 + col * 98, 54 + row * 118, 86, 100, shade(door, -0.1), 3)
            c.rect(left + 24 + col * 98, 60 + row * 118, 74, 88, shade(door, 0.06), 2)
    c.oval(left + 204, 240, 8, 8, rgb("#D8C08A"))
    if fixed:
        c.rect(left + 260, 110, 96, 62, WHITE, 4)
        for i in range(3):
            c.rect(left + 272, 126 + i * 13, 70 - i * 14, 5, rgb("#9FB3C8"))
        return
    papers = [rgb(x) for x in ("#F3E7A6", "#F4C9C4", "#C9DDF0", "#F8F5EC", "#D5E8C8")]
    for _ in range(58):
        near = d.happens(0.72)
        x = left + d.span(-6, 214) if near else d.span(-10, 640)
        _bill(c, d, x, d.span(40, 330), d.one(papers))
    for _ in range(3):
        _sprayed(c, d, d.span(20, 180) if d.happens(0.5) else d.span(left + 250, 560))


def _bill(c: Canvas, d: Dice, x: float, y: float, paper: tuple[int, ...]) -> None:
    turn, w, h = d.span(-0.25, 0.25), d.span(26, 44), d.span(16, 30)
    ca, sa = math.cos(turn), math.sin(turn)

    def at(px: float, py: float) -> tuple[float, float]:
        return (x + px * ca - py * sa, y + px * sa + py * ca)

    c.poly([at(1.5, 2), at(w + 1.5, 2), at(w + 1.5, h + 2), at(1.5, h + 2)], (40, 38, 34, 60))
    c.poly([at(0, 0), at(w, 0), at(w, h), at(0, h)], (paper[0], paper[1], paper[2]))
    c.line([at(4, h * 0.3), at(w - 5, h * 0.3)], rgb("#5D6470"), 2)
    c.line([at(4, h * 0.62), at(w * 0.62, h * 0.62)], rgb("#8A909A"), 1.6)


def _sprayed(c: Canvas, d: Dice, x: float) -> None:
    y, ink = d.span(90, 270), rgb(d.one(("#7C3030", "#2F3238")))
    for i in range(8):
        px, tall = x + i * 15, d.span(9, 13)
        c.bow((px, y - tall), (px + 13, y - tall - 6), (px + 12, y + 3), (px + 1, y), ink, 2.8, 6)
        if i % 3 != 1:
            c.line([(px, y - tall), (px, y + 3)], ink, 2.8)


def rubbish(c: Canvas, d: Dice, fixed: bool) -> None:
    """A heap in the corner of a lane; afterwards swept, with planters."""
    wall = bricks(c, d, 250)
    c.poly([(-40, -40), (150, -40), (150, 250), (-40, 310)], shade(wall, -0.16))
    c.rect(-40, 250, WIDTH + 80, 220, rgb("#A9A297"))
    c.poly(
        [(-40, 310), (150, 250), (WIDTH + 40, 250), (WIDTH + 40, 262), (154, 262), (-40, 324)],
        shade(rgb("#A9A297"), -0.14),
    )
    middle = d.span(300, 370)
    if fixed:
        for x in (middle - 120, middle, middle + 120):
            c.oval(x + 42, 318, 58, 9, SHADOW)
            c.blob(x + 26, 284, 32, 36, GREEN)
            c.blob(x + 58, 284, 30, 28, GREEN_DEEP)
            for i in range(4):
                c.oval(
                    x + 12 + i * 20,
                    264 - (i % 2) * 10,
                    5,
                    5,
                    rgb(d.one(("#D98BA0", "#E6C15A", "#F2EFE8"))),
                )
            c.poly([(x - 4, 282), (x + 90, 282), (x + 82, 318), (x + 4, 318)], rgb("#B07A5A"))
        return
    c.oval(middle, 330, 250, 32, SHADOW)
    for rx, ry, tone in ((226, 96, "#8C7C66"), (160, 128, "#9A8B74"), (96, 150, "#85765F")):
        c.blob(middle + d.span(-26, 26), 332, rx, ry, rgb(tone))
    for _ in range(9):
        x = middle + d.span(-190, 190)
        bag(c, d, x, 338 - max(0.0, 100 - abs(x - middle)) * d.random() * 0.9, d.span(0.9, 1.3))
    c.line([(middle - 40, 300), (middle + 70, 176)], rgb("#8A6A4A"), 9)
    carton(c, middle + 92, 352, 66, 46)
    litter(c, d, (middle - 270, 318, 540, 66), 44)


def manhole(c: Canvas, d: Dice, fixed: bool) -> None:
    """A hole without its cover in the lane; afterwards a sound cover."""
    street(c, 96)
    c.rect(-40, -40, WIDTH + 80, 92, PAVING)
    for seam in range(-20, WIDTH + 40, 74):
        c.rect(seam, -40, 2, 92, shade(PAVING, -0.14))
    c.rect(-40, 52, WIDTH + 80, 24, rgb("#CFCAC0"))
    c.rect(-40, 76, WIDTH + 80, 22, shade(ROAD, -0.2))
    for dash in range(30, WIDTH, 180):
        c.poly([(dash, 360), (dash + 100, 360), (dash + 104, 374), (dash, 374)], rgb("#DAD6CC"))
    for _ in range(60):
        c.oval(d.span(-20, 660), d.span(108, 400), 2, 1.3, shade(ROAD, d.one((-0.1, 0.12))))
    x, y = d.span(270, 370), d.span(216, 240)
    c.oval(x, y, 132, 72, shade(ROAD, -0.14))
    if fixed:
        _cover(c, x, y)
    else:
        _hole(c, d, x, y)


def _cover(c: Canvas, x: float, y: float) -> None:
    c.oval(x, y, 118, 62, rgb("#5A5E63"))
    c.oval(x, y, 106, 55, rgb("#6C7177"))
    for i in range(-4, 5):
        half = 46 * math.sqrt(max(0.0, 1 - (i / 4.6) ** 2))
        c.line([(x + i * 22, y - half), (x + i * 22, y + half)], rgb("#585C61"), 5)
    for i in range(-2, 3):
        half = 96 * math.sqrt(max(0.0, 1 - (i / 2.7) ** 2))
        c.line([(x - half, y + i * 19), (x + half, y + i * 19)], rgb("#585C61"), 4)
    c.oval(x, y, 22, 12, rgb("#7E8389"))


def _hole(c: Canvas, d: Dice, x: float, y: float) -> None:
    c.oval(x, y, 116, 61, rgb("#3B3A38"))
    c.oval(x, y + 8, 104, 50, rgb("#17181A"))
    wood = rgb("#7A6248")
    c.line([(x - 10, y + 30), (x + 34, y - 168)], wood, 8)
    c.line([(x + 26, y - 128), (x - 26, y - 176)], wood, 5)
    c.line([(x + 16, y - 86), (x + 74, y - 130)], wood, 5)
    cloth = [(x + 26, y - 150), (x + 88, y - 138), (x + 66, y - 96), (x + 22, y - 112)]
    c.poly(cloth, rgb("#C4553B"))
    for _ in range(12):
        turn = d.span(0, 6.28)
        chip = [
            (x + wide * math.cos(turn + by), y + deep * math.sin(turn + by))
            for wide, deep, by in ((124, 66, 0.0), (142, 78, 0.08), (134, 72, 0.16))
        ]
        c.poly(chip, rgb("#6F6C67"))


def pavement(c: Canvas, d: Dice, fixed: bool) -> None:
    """Broken paving stones; afterwards laid again."""
    c.rect(-40, -40, WIDTH + 80, 140, d.one(WALLS))
    c.rect(-40, 66, WIDTH + 80, 34, rgb("#A49C8E"))
    tones = d.one((("#C3B7A6", "#B9AC99"), ("#BDB5AF", "#B0A7A0"), ("#C9B7A5", "#BFA890")))
    for row in range(7):
        for col in range(-1, 8):
            _slab(c, row, col, rgb(tones[(row + col) % 2]))
    for row in range(7):
        _slab(c, row, 3, rgb("#D3AE52"))
    if fixed:
        return
    centre = d.whole(2, 4)
    broken = {(r, k) for r in range(2, 6) for k in range(centre - 1, centre + 3) if d.happens(0.78)}
    for row, col in sorted(broken):
        _slab(c, row, col, rgb("#7A6854"))
        box = _slab_box(row, col)
        for _ in range(d.whole(1, 3)):
            x, y = d.span(box[0][0], box[1][0]), d.span(box[0][1], box[2][1])
            tilt = d.span(-12, 12)
            c.poly(
                [(x - 24, y + 6 + tilt), (x + 14, y - 10), (x + 32, y + 4 - tilt), (x - 4, y + 15)],
                shade(rgb(tones[0]), d.span(-0.12, 0.12)),
            )
    c.oval(WIDTH * 0.5 + d.span(-60, 60), 330, 74, 15, (110, 124, 134, 200))


def _slab_box(row: int, col: int) -> list[tuple[float, float]]:
    def at(r: float, k: float) -> tuple[float, float]:
        y = 100 + 320 * (r / 7) ** 1.35
        spread = 88 + (y - 100) * 0.14
        return (WIDTH / 2 + (k - 3.5) * spread, y)

    return [at(row, col), at(row, col + 1), at(row + 1, col + 1), at(row + 1, col)]


def _slab(c: Canvas, row: int, col: int, tone: tuple[int, ...]) -> None:
    box = _slab_box(row, col)
    colour = (tone[0], tone[1], tone[2])
    c.poly(box, shade(colour, -0.16))
    (x0, y0), (x1, _), (x2, y2), (x3, _) = box
    c.poly([(x0 + 2, y0 + 2), (x1 - 2, y0 + 2), (x2 - 2, y2 - 2), (x3 + 2, y2 - 2)], colour)


def bare_soil(c: Canvas, d: Dice, fixed: bool) -> None:
    """A green strip gone bare; afterwards planted."""
    trunks = (d.span(70, 130), d.span(480, 560))
    facade(c, d, ground=190)
    c.rect(-40, 180, WIDTH + 80, 26, PAVING)
    c.rect(-40, 204, WIDTH + 80, 12, rgb("#D5D0C6"))
    c.rect(-40, 330, WIDTH + 80, 12, rgb("#D5D0C6"))
    street(c, 342)
    soil = rgb("#A98A63")
    c.rect(-40, 216, WIDTH + 80, 114, GREEN if fixed else soil)
    if fixed:
        _planted(c, d)
    else:
        _dry(c, d, soil)
    for x in trunks:
        tree(c, x, 300, 210)


def _planted(c: Canvas, d: Dice) -> None:
    for i in range(46):
        c.blob(i * 15 - 12, 246 + (i % 3) * 3, 15, 15, GREEN_DEEP)
    for _ in range(90):
        x, y = d.span(-10, 650), d.span(258, 326)
        c.line([(x, y), (x + 3, y - 9)], shade(GREEN, d.one((0.14, -0.12))), 2)
    petals = [rgb(p) for p in ("#D98BA0", "#E6C15A", "#F2EFE8")]
    for i in range(24):
        c.oval(i * 28 + d.span(-6, 6), 312 + d.span(-6, 8), 5, 5, d.one(petals))


def _dry(c: Canvas, d: Dice, soil: Colour) -> None:
    for _ in range(60):
        tone = shade(soil, d.one((-0.1, 0.1, -0.16)))
        c.oval(d.span(-10, 650), d.span(222, 326), d.span(4, 18), d.span(2, 5), tone)
    for _ in range(9):
        x, y = d.span(10, 630), d.span(236, 322)
        for k in (-5, 0, 5):
            c.line([(x, y), (x + k, y - 13)], rgb("#8A9A5E"), 2.4)
    litter(c, d, (60, 240, 520, 80), 12)


def bicycles(c: Canvas, d: Dice, fixed: bool) -> None:
    """Shared bicycles thrown about on the pavement; afterwards in a row inside the line."""
    shop(c, d, -10, 220, 226)
    shop(c, d, 212, 220, 226)
    shop(c, d, 434, 220, 226)
    paving(c, 226)
    c.rect(-40, 236, WIDTH + 80, 12, rgb("#D3AE52"))
    paints = [rgb(x) for x in ("#4E8FC0", "#E0B23C", "#5FA37B")]
    if fixed:
        c.line([(60, 380), (84, 318), (560, 318), (584, 380), (60, 380)], WHITE, 5)
        for i in range(6):
            x = 118 + i * 78
            c.oval(x + 4, 362, 50, 6, SHADOW)
            bicycle(c, x, 362, paints[i % 3])
        return
    spots = [
        (90, 300, 0.0),
        (210, 352, -0.5),
        (300, 296, 0.0),
        (395, 366, 0.62),
        (450, 300, -0.2),
        (560, 344, 0.0),
        (168, 306, 0.25),
        (330, 380, 0.0),
        (520, 392, 1.0),
    ]
    for x, y, lean in spots:
        px, py = x + d.span(-22, 22), y + d.span(-8, 8)
        c.oval(px, py, 54, 7, SHADOW)
        bicycle(c, px, py, d.one(paints), lean=lean + d.span(-0.1, 0.1))


def stalls(c: Canvas, d: Dice, fixed: bool) -> None:
    """Stalls blocking the pavement before the shops; afterwards free."""
    shop(c, d, -10, 220, 232)
    shop(c, d, 212, 220, 232)
    shop(c, d, 434, 220, 232)
    paving(c, 232)
    c.rect(-40, 330, WIDTH + 80, 10, rgb("#D3AE52"))
    if fixed:
        tree(c, d.span(40, 90), 316, 190)
        tree(c, d.span(550, 600), 316, 190)
        return
    for i, x in enumerate((d.span(30, 60), d.span(230, 260), d.span(430, 460))):
        _stall(c, d, x, 352 + (i % 2) * 14)
    litter(c, d, (20, 352, 600, 44), 18)


def _stall(c: Canvas, d: Dice, x: float, y: float) -> None:
    shade_tone = rgb(d.one(("#C4553B", "#5B7CA3", "#D49A3A", "#6D9A62")))
    c.oval(x + 80, y + 4, 104, 10, SHADOW)
    c.line([(x + 84, y - 20), (x + 84, y - 176)], rgb("#6B6F75"), 5)
    c.poly([(x - 16, y - 140), (x + 84, y - 190), (x + 184, y - 140)], shade_tone)
    c.poly([(x + 50, y - 140), (x + 84, y - 190), (x + 118, y - 140)], shade(shade_tone, 0.3))
    c.rect(x, y - 66, 168, 14, rgb("#B98F5F"))
    c.rect(x + 6, y - 52, 156, 48, rgb("#8F6E49"))
    for i in range(8):
        fruit = rgb(d.one(("#D9793B", "#7FA24F", "#C4443B", "#E2C04A", "#8A5A7A")))
        for row in range(2):
            c.oval(x + 14 + i * 20 + row * 5, y - 70 - row * 10, 11, 10, fruit)
    carton(c, x + d.span(-6, 100), y + 16, 58, 34)
