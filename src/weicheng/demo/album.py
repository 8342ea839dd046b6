"""The drawn pictures of a story, kept in the evidence store shortly before an act shows them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING

from weicheng.demo.performing import TYPIST
from weicheng.demo.pictures import draw_ready
from weicheng.demo.plot import Picture
from weicheng.evidence import store
from weicheng.evidence.models import Attachment, Purpose

if TYPE_CHECKING:
    from weicheng.demo.settling import Cast
    from weicheng.demo.story import Story
    from weicheng.evidence.pictures import Prepared
    from weicheng.places.models import Site

BATCH = 40  # pictures drawn and kept together


class Album:
    """Orders all pictures at once, in the order of their acts; gives each out when it is drawn."""

    def __init__(self, story: Story, pool: Executor) -> None:
        self.kept = 0
        self._first = {p: act for act in reversed(story.acts) for p in act.pictures}
        self._place = {matter.key: matter.site for matter in story.matters}
        self._rows: dict[Picture, Attachment] = {}
        wanted = story.pictures()
        batches = [wanted[at : at + BATCH] for at in range(0, len(wanted), BATCH)]
        self._drawn: list[tuple[list[Picture], Future[list[Prepared]]]] = [
            (batch, pool.submit(draw_ready, [(p.motif, p.seed, p.fixed) for p in batch]))
            for batch in batches
        ]
        self._drawn.reverse()

    def open(self, cast: Cast) -> Callable[[Picture], Attachment]:
        """The way to an attachment of a picture, once places and people are known."""

        def give(picture: Picture) -> Attachment:
            while picture not in self._rows:
                self._keep_next(cast)
            return self._rows[picture]

        return give

    def _keep_next(self, cast: Cast) -> None:
        batch, drawn = self._drawn.pop()
        pairs = zip(batch, drawn.result(), strict=True)
        rows = store.keep_own([self._own(cast, picture, data) for picture, data in pairs])
        self._rows.update(zip(batch, rows, strict=True))
        self.kept += len(rows)

    def _own(self, cast: Cast, picture: Picture, data: Prepared) -> store.Own:
        act = self._first[picture]
        site = cast.sites.get(self._place[act.matter] or 0)
        return store.Own(
            picture=data,
            filename=f"IMG_{act.at:%Y%m%d_%H%M%S}.jpg",
            purpose=Purpose.AFTER if picture.fixed else Purpose.BEFORE,
            taken_at=act.at,
            position=_position(site),
            by=cast.users[TYPIST],
            created_at=act.at,
        )


def _position(site: Site | None) -> store.Position | None:
    if site is None or site.latitude is None or site.longitude is None:
        return None
    return store.Position(site.latitude, site.longitude, accuracy_m=8.0)
