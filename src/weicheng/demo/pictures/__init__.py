"""Illustrations of problems and of the same places put right, drawn by ourselves, marked 示意图."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from weicheng.demo.dice import Dice
from weicheng.evidence.pictures import Prepared, prepare

from . import buildings, grounds, shops, streets
from .canvas import HEIGHT, WIDTH, Canvas, jpeg, rgb
from .mark import stamp

Scene = Callable[[Canvas, Dice, bool], None]

MOTIFS: dict[str, Scene] = {
    "cables": streets.cables,
    "bin": streets.bins,
    "adverts": streets.adverts,
    "rubbish": streets.rubbish,
    "manhole": streets.manhole,
    "pavement": streets.pavement,
    "bare_soil": streets.bare_soil,
    "bikes": streets.bicycles,
    "stalls": streets.stalls,
    "toilet": buildings.toilet,
    "stairwell": buildings.stairwell,
    "smoke": buildings.smoke,
    "guards": buildings.guards,
    "fence": grounds.fence,
    "market": grounds.market,
    "derelict": buildings.derelict,
    "river": grounds.river,
    "papers": shops.papers,
    "kitchen": shops.kitchen,
    "cars": shops.cars,
}
LIGHTS = (
    (1.0, 1.0, 1.0),
    (1.04, 1.0, 0.94),
    (0.95, 0.98, 1.03),
    (1.02, 1.01, 0.98),
    (0.92, 0.93, 0.96),
    (1.05, 0.99, 0.91),
)
TAKE = 10_000  # seeds this far apart are takes of one place
CHUNK = 16  # pictures handed to a drawer at a time
FEW = 8  # below this many pictures a pool costs more than it saves

Order = tuple[str, int, bool]


def draw(motif: str, seed: int, fixed: bool) -> bytes:
    """The scene `motif` in its variant `seed`, with the problem or put right, as JPEG.

    640 by 400 points, about 12 to 50 KB; the same arguments give the same bytes. Before and
    after of one seed share place, angle and light. `seed` + n * TAKE is the same place taken
    again, a step aside. Raises KeyError for an unknown motif.
    """
    take, scene = divmod(seed, TAKE)
    camera = Dice("camera", motif, scene)
    zoom, across, down = camera.span(1.0, 1.09), camera.random(), camera.random()
    light, mirrored = camera.one(LIGHTS), camera.happens(0.5)
    if take:
        step = Dice("take", motif, seed)
        zoom = min(1.14, zoom + step.span(0.015, 0.05))
        across, down = (min(1.0, max(0.0, v + step.span(-0.3, 0.3))) for v in (across, down))
    slack = 1 - 1 / zoom
    canvas = Canvas(rgb("#C9D6DF"), zoom, (WIDTH * slack * across, HEIGHT * slack * down))
    MOTIFS[motif](canvas, Dice("scene", motif, scene), fixed)
    image = canvas.finish(light=light, mirrored=mirrored)
    stamp(image)
    return jpeg(image)


def draw_ready(orders: Sequence[Order]) -> list[Prepared]:
    """The pictures of some orders with their hashes and thumbs, ready to be kept."""
    return [prepare(draw(*order)) for order in orders]


def draw_many(orders: Sequence[Order], *, workers: int | None = None) -> list[bytes]:
    """The pictures of `orders` (motif, seed, fixed) in their order, drawn on all cores."""
    count = workers or cores()
    if count < 2 or len(orders) < FEW:
        return [draw(*order) for order in orders]
    with studio(count) as pool:
        return list(pool.map(draw, *zip(*orders, strict=True), chunksize=CHUNK))


def cores() -> int:
    """How many drawers work side by side."""
    return min(8, os.cpu_count() or 1)


def studio(workers: int | None = None) -> ProcessPoolExecutor:
    """Drawers in processes of their own, which know nothing of the database."""
    return ProcessPoolExecutor(workers or cores(), mp_context=get_context("spawn"))
