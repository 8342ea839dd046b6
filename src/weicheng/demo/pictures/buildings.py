"""Scenes of buildings: stairwell, toilet, smoke, guard rails, an empty compound."""

from __future__ import annotations

import math

from weicheng.demo.dice import Dice

from .canvas import HEIGHT, WIDTH, Canvas, Colour, rgb, shade
from .props import (
    CREAM,
    FRAME,
    GLASS,
    GREEN,
    INK,
    PAVING,
    WHITE,
    bag,
    bricks,
    bush,
    carton,
    facade,
    litter,
    street,
    tree,
    window,
)


def toilet(c: Canvas, d: Dice, fixed: bool) -> None:
    """A public toilet with a wet, dirty floor; afterwards dry, with soap."""
    tile = rgb(d.one(("#DCE5E6", "#E4E2DA", "#D9E3DC")))
    c.rect(-40, -40, WIDTH + 80, 300, tile)
    for x in range(-40, WIDTH + 40, 46):
        c.rect(x, -40, 1.6, 300, shade(tile, -0.1))
    for y in range(-6, 260, 34):
        c.rect(-40, y, WIDTH + 80, 1.6, shade(tile, -0.1))
    c.rect(-40, 132, WIDTH + 80, 12, rgb(d.one(("#6F93A8", "#7A9A86", "#A88F6F"))))
    door = rgb(d.one(("#7F97A3", "#8FA08C", "#A69A86")))
    for x in (14, 128, 242):
        c.rect(x, 22, 104, 226, shade(door, -0.16), 3)
        c.rect(x + 5, 27, 94, 216, door, 2)
        c.oval(x + 86, 136, 5, 5, rgb("#D8D3C6"))
    c.rect(392, 24, 232, 104, rgb("#8AA0AC"), 3)
    c.rect(398, 30, 220, 92, rgb("#B6C8D1"), 2)
    c.poly([(420, 122), (470, 30), (506, 30), (456, 122)], (255, 255, 255, 60))
    floor = rgb("#B7B9B6")
    c.rect(-40, 258, WIDTH + 80, 200, floor)
    for col in range(-8, 9):
        c.line([(320 + col * 60, 258), (320 + col * 110, 440)], shade(floor, -0.1), 1.6)
    for y in (282, 314, 358):
        c.rect(-40, y, WIDTH + 80, 1.8, shade(floor, -0.1))
    c.rect(378, 168, 262, 22, WHITE, 4)
    for x in (424, 540):
        c.blob(x + 30, 168, 5, 26, rgb("#8C949A"))
        c.poly([(x - 10, 188), (x + 70, 188), (x + 56, 216), (x + 4, 216)], WHITE)
        c.rect(x + 24, 214, 12, 44, rgb("#C3C8CA"))
    _toilet_after(c) if fixed else _toilet_before(c, d)


def _toilet_after(c: Canvas) -> None:
    c.poly([(70, 300), (210, 300), (120, 388), (-20, 388)], (255, 255, 255, 70))
    c.poly([(260, 300), (310, 300), (240, 388), (180, 388)], (255, 255, 255, 56))
    for x in (490, 612):
        c.rect(x, 142, 18, 27, rgb("#5FA37B"), 4)
        c.rect(x + 5, 134, 8, 10, WHITE, 2)
    c.poly([(386, 272), (432, 272), (426, 322), (392, 322)], rgb("#6E7581"))
    c.rect(383, 266, 52, 8, rgb("#5A616D"), 3)


def _toilet_before(c: Canvas, d: Dice) -> None:
    water, dark = (104, 116, 112, 210), (84, 94, 88, 160)
    for x, y, rx, ry in ((250, 330, 190, 34), (440, 356, 150, 26), (110, 366, 110, 20)):
        c.oval(x + d.span(-20, 20), y, rx, ry, water)
        c.oval(x + d.span(-20, 20), y + 4, rx * 0.6, ry * 0.5, dark)
    for _ in range(10):
        c.oval(d.span(20, 620), d.span(280, 388), d.span(8, 26), d.span(3, 6), (92, 78, 52, 150))
    c.poly([(386, 272), (432, 272), (426, 322), (392, 322)], rgb("#6E7581"))
    for _ in range(14):
        c.oval(
            408 + d.span(-34, 34),
            268 + d.span(-16, 10),
            13,
            9,
            d.one((WHITE, CREAM, rgb("#E2D9C6"))),
        )
    litter(c, d, (330, 320, 180, 50), 14)
    for x in (60, 300):
        for _ in range(5):
            c.oval(
                x + d.span(-30, 40),
                d.span(70, 220),
                d.span(4, 12),
                d.span(6, 22),
                (108, 92, 62, 70),
            )


def stairwell(c: Canvas, d: Dice, fixed: bool) -> None:
    """Things piled up in a stairwell; afterwards clear."""
    wall = rgb(d.one(("#E3DDD0", "#DDE0DA", "#E6DCCB")))
    c.rect(-40, -40, WIDTH + 80, HEIGHT + 80, wall)
    skirt = rgb(d.one(("#8FA89A", "#8E9FAE", "#A9977F")))
    c.rect(-40, 196, WIDTH + 80, 150, skirt)
    c.rect(-40, 192, WIDTH + 80, 4, shade(skirt, -0.2))
    window(c, 70, 44, 128, 92)
    c.rect(-40, 340, WIDTH + 80, 120, rgb("#A8A49C"))
    for i in range(8):
        x, y = 330 + i * 40, 340 - i * 32
        c.rect(x, y - 32, 400, 34, shade(rgb("#B5B0A7"), 0.05 * (i % 2)))
        c.rect(x, y - 32, 400, 6, rgb("#CFCAC0"))
    c.line([(322, 236), (640, -20)], rgb("#7A5A44"), 11)
    for i in range(9):
        x = 330 + i * 38
        c.line([(x, 230 - i * 30.6), (x, 318 - i * 30.6)], rgb("#5A5E63"), 4)
    if fixed:
        c.rect(228, 216, 44, 62, rgb("#C43A2E"), 4)
        c.rect(234, 222, 32, 50, WHITE, 2)
        c.rect(244, 234, 12, 30, rgb("#C43A2E"), 3)
        c.poly([(0, 350), (200, 350), (160, 396), (-40, 396)], (255, 255, 255, 44))
        return
    _clutter(c, d)


def _clutter(c: Canvas, d: Dice) -> None:
    base = d.span(6, 30)
    carton(c, base, 362, 92, 70)
    carton(c, base + 10, 292, 74, 58, "#A98457")
    carton(c, base + 112, 372, 78, 60, "#C29A68")
    c.rect(base + 196, 250, 18, 122, rgb("#8A6A4A"))
    c.rect(base + 222, 230, 14, 142, rgb("#9C7A55"))
    for x, y, size in ((300, 380, 1.1), (356, 388, 0.9), (250, 386, 1.0)):
        bag(c, d, x + d.span(-8, 8), y, size)
    c.oval(430, 354, 40, 40, ring=INK, width=5)
    c.oval(522, 354, 40, 40, ring=INK, width=5)
    c.line([(430, 354), (470, 300), (520, 300), (480, 354), (430, 354)], rgb("#5B7CA3"), 6)
    c.line([(520, 300), (510, 272), (540, 268)], rgb("#5B7CA3"), 6)
    c.rect(446, 288, 34, 10, INK, 4)
    carton(c, 556, 300, 70, 56)
    c.rect(base + 128, 300, 44, 12, rgb("#D8D3C6"))
    litter(c, d, (120, 372, 330, 24), 10)


def smoke(c: Canvas, d: Dice, fixed: bool) -> None:
    """A kitchen outlet black with grease; afterwards a filter and a clean wall."""
    wall = bricks(c, d, 330)
    street(c, 330)
    c.rect(400, 118, 150, 212, shade(wall, -0.22))
    c.rect(410, 128, 130, 202, rgb("#74695C"))
    c.rect(420, 138, 110, 80, rgb("#8F8474"))
    c.rect(40, 196, 96, 70, FRAME)
    c.rect(46, 202, 84, 58, GLASS)
    x, y = d.span(200, 240), d.span(112, 128)
    if fixed:
        _filter(c, x, y)
    else:
        _grease(c, d, x, y)


def _filter(c: Canvas, x: float, y: float) -> None:
    c.rect(x - 26, y - 22, 152, 92, rgb("#AEB6BB"), 4)
    c.rect(x - 20, y - 16, 140, 80, rgb("#C7CDD0"), 3)
    for i in range(5):
        c.rect(x - 8, y - 4 + i * 12, 74, 5, rgb("#97A1A7"), 2)
    c.oval(x + 94, y + 22, 18, 18, rgb("#97A1A7"))
    c.oval(x + 94, y + 22, 10, 10, rgb("#7C868C"))
    c.rect(x + 30, -40, 34, y + 20, rgb("#BCC4C8"))
    for k in (0, 44):
        c.rect(x + 26, k + 6, 42, 6, rgb("#97A1A7"))
    c.rect(x + 10, y + 48, 8, 8, rgb("#3C9D5F"), 4)
    bush(c, 90, 332)


def _grease(c: Canvas, d: Dice, x: float, y: float) -> None:
    c.poly([(x - 20, y + 60), (x + 96, y + 60), (x + 122, 330), (x - 52, 330)], (44, 34, 24, 150))
    for _ in range(16):
        gx = x + d.span(-24, 98)
        c.line(
            [(gx, y + 50), (gx + d.span(-8, 8), d.span(210, 326))], (30, 22, 16, 190), d.span(4, 11)
        )
    c.rect(x - 12, y - 12, 100, 84, rgb("#5A5550"), 3)
    c.oval(x + 38, y + 30, 34, 34, rgb("#2A2724"))
    for i in range(4):
        turn = math.pi / 4 + i * math.pi / 2
        c.line(
            [(x + 38, y + 30), (x + 38 + 30 * math.cos(turn), y + 30 + 30 * math.sin(turn))],
            rgb("#4A4540"),
            7,
        )
    for i in range(9):
        c.oval(
            x + 40 + i * 30 + d.span(-8, 8),
            y - 6 - i * 13 + d.span(-8, 8),
            30 + i * 5,
            22 + i * 3.4,
            (78, 76, 74, max(50, 150 - i * 12)),
        )
    c.oval(x + 36, 348, 92, 10, (38, 32, 26, 200))


def guards(c: Canvas, d: Dice, fixed: bool) -> None:
    """Window cages that stick out over the lane; afterwards taken down."""
    _, left, step = facade(c, d)
    street(c)
    bush(c, 520, 344, 1.1)
    tree(c, 36, 346, 170)
    if fixed:
        return
    bar = rgb("#6A4F3C")
    for floor in range(4):
        for bay in range(-1, 4):
            if d.happens(0.8):
                _cage(c, d, left + bay * step - 14, floor * 84 + 12, bar)


def _cage(c: Canvas, d: Dice, x: float, y: float, bar: Colour) -> None:
    w, h, out = 128.0, 72.0, 22.0
    c.poly(
        [(x, y + h), (x + w, y + h), (x + w + 12, y + h + 34), (x + 8, y + h + 34)],
        (40, 38, 34, 60),
    )
    c.rect(x, y, w, h, (64, 52, 42, 60))
    c.poly([(x, y), (x + out, y - 14), (x + w + out, y - 14), (x + w, y)], rgb("#8A6A50"))
    for i in range(9):
        px = x + i * w / 8
        c.line([(px, y), (px, y + h)], bar, 3.2)
    for k in (0.0, 0.5, 1.0):
        c.line([(x, y + h * k), (x + w, y + h * k)], bar, 4)
        c.line([(x + w, y + h * k), (x + w + out, y + h * k - 14)], bar, 4)
    c.line([(x + w + out, y - 14), (x + w + out, y + h - 14)], bar, 4)
    if d.happens(0.7):
        c.rect(x + d.span(8, 50), y + h - 24, 26, 22, rgb("#A65F45"), 2)
        c.rect(x + d.span(60, 88), y + h - 32, 30, 30, rgb("#B98F5F"))
    if d.happens(0.5):
        c.rect(x + d.span(20, 70), y + 10, 24, 38, rgb(d.one(("#C4553B", "#5B7CA3", "#E2C04A"))))


def derelict(c: Canvas, d: Dice, fixed: bool) -> None:
    """A compound that nobody owns: weeds and broken panes; afterwards cleared and shut off."""
    wall = rgb(d.one(("#BFB4A2", "#B9B2A8", "#C2B095")))
    c.rect(-40, -40, WIDTH + 80, 200, rgb("#CBD6DA"))
    c.rect(40, 40, 560, 230, wall)
    c.poly([(20, 46), (70, 6), (570, 6), (620, 46)], rgb("#8A6E5E"))
    for row in range(2):
        for col in range(5):
            x, y = 70 + col * 106, 64 + row * 96
            c.rect(x, y, 74, 62, rgb("#6B665E"))
            c.rect(x + 4, y + 4, 66, 54, rgb("#A9B3B5"))
    c.rect(-40, 262, WIDTH + 80, 200, GREEN if fixed else rgb("#9C8B68"))
    if fixed:
        _shut_off(c)
    else:
        _overgrown(c, d, wall)


def _shut_off(c: Canvas) -> None:
    for x in range(-20, WIDTH, 26):
        c.rect(x, 268, 12, 74, WHITE)
        c.poly([(x, 268), (x + 6, 258), (x + 12, 268)], WHITE)
    c.rect(-40, 286, WIDTH + 80, 8, CREAM)
    c.rect(-40, 322, WIDTH + 80, 8, CREAM)
    c.rect(-40, 356, WIDTH + 80, 90, PAVING)
    bush(c, 90, 262, 1.2)
    bush(c, 500, 262, 1.1)


def _overgrown(c: Canvas, d: Dice, wall: Colour) -> None:
    for row in range(2):
        for col in range(5):
            x, y = 74.0 + col * 106, 68.0 + row * 96
            c.rect(x, y, 66, 54, rgb("#33343A"))
            pane = [(x, y), (x + d.span(20, 46), y), (x + 12, y + d.span(20, 42)), (x, y + 46)]
            c.poly(pane, GLASS)
    for _ in range(13):
        x, y = d.span(50, 580), d.span(60, 240)
        c.bow((x, y), (x + 10, y + 14), (x - 6, y + 26), (x + 8, y + 44), shade(wall, -0.34), 2, 5)
    weeds = [rgb(w) for w in ("#7C8A4E", "#8F9A5A", "#6B7A46")]
    for _ in range(80):
        x, y = d.span(-10, 650), d.span(270, 396)
        c.line([(x, y), (x + d.span(-12, 12), y - d.span(16, 56))], d.one(weeds), 3)
    for left in (120, 250, 430, 520):
        bag(c, d, left + d.span(-30, 30), 384, 1.0)
    c.poly([(300, 392), (330, 280), (350, 284), (326, 396)], rgb("#7A5A3C"))
    litter(c, d, (40, 330, 560, 60), 24)
