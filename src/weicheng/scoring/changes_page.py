"""What changed a score in a week: visits, problems and stated figures. The lines add up to the
change, with one line for all that are not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from weicheng.scoring.known import Known, known_of
from weicheng.scoring.reckoning import Cause, Portion, difference
from weicheng.scoring.snapshots import parts_of
from weicheng.scoring.standing import standing
from weicheng.scoring.words import CAUSES, SHEETS
from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from weicheng.inspections.models import Visit
    from weicheng.places.models import Site
    from weicheng.problems.models import Problem
    from weicheng.scoring.asking import Asked
    from weicheng.scoring.figures import Figures
    from weicheng.scoring.standing import Standing
    from weicheng.standards.models import Aspect

WEEK: Final = timedelta(days=7)
MOST: Final = 200


@dataclass(frozen=True)
class CauseLine:
    """A part of a change: what kind, how many milli, and the site, visit and problems behind, or
    the ``name`` of the figure that was stated."""

    words: str
    milli: int
    site: Site | None = None
    visit: Visit | None = None
    problems: Sequence[Problem] = ()
    name: str = ""


@dataclass(frozen=True)
class Changes:
    """The causes that are shown, the largest first; ``more`` others make ``rest`` milli."""

    milli: int
    lines: Sequence[CauseLine]
    more: int
    rest: int


@dataclass(frozen=True)
class ChangesPage:
    """All changes of a week, of everything or of one aspect on site."""

    now: Standing
    aspect: Aspect | None
    changes: Changes


def changes_page(asked: Asked, user: Any, aspect: str = "") -> ChangesPage | None:
    """The page for a question; None for an aspect that there is not."""
    here, before = (
        standing(asked.region, at, scope=asked.scope, sheet=asked.sheet)
        for at in (asked.as_of, asked.as_of - WEEK)
    )
    known = {row.key: row for row in here.facts.aspects}
    if aspect and aspect not in known:
        return None
    return ChangesPage(here, known.get(aspect), changes(here, before, user, aspect=aspect))


def changes(
    here: Standing, before: Standing, user: Any, *, aspect: str = "", most: int = MOST
) -> Changes:
    """Why the points earned are others than before: of all sheets, or of an aspect on site."""
    found: list[Cause | CauseLine] = list(
        difference(before.score, here.score, aspect=aspect or None)
    )
    if not aspect:
        found += _figures(before.figures, here.figures)
    found.sort(key=lambda cause: -abs(cause.milli))
    shown = found[:most]
    causes = [one for one in shown if isinstance(one, Cause)]
    names = [name for one in causes for name in (one.after, one.before) if name]
    known = known_of(names, [one.site for one in causes], here.facts, user)
    lines = [_line(one, known) if isinstance(one, Cause) else one for one in shown]
    moved = _moved(before, here, aspect)
    return Changes(moved, lines, len(found) - len(shown), moved - sum(x.milli for x in lines))


def _moved(before: Standing, here: Standing, aspect: str) -> int:
    if not aspect:
        return here.thousand.low_milli - before.thousand.low_milli
    was, now = (given.score.aspects.get(aspect, Portion()) for given in (before, here))
    return now.earned - was.earned


def _line(cause: Cause, known: Known) -> CauseLine:
    named = [known.of(name) for name in (cause.after, cause.before) if name]
    visit = named[0][0] if named else None
    problems = list({row.pk: row for _visit, rows in named for row in rows}.values())
    words = str(CAUSES[cause.kind])
    if cause.before and cause.after and _look(cause.before) == _look(cause.after):
        words = _("立案或销号")
    return CauseLine(words, cause.milli, known.sites.get(cause.site), visit, problems)


def _look(name: str) -> object:
    return parts_of(name).look


def _figures(before: Figures, here: Figures) -> Iterator[CauseLine]:
    """What was stated beside the visits; what nobody stated earns nothing yet."""
    was: Mapping[str, int] = {x.row.key: x.judged.milli or 0 for x in before.indicators}
    for row in here.indicators:
        moved = (row.judged.milli or 0) - was.get(row.row.key, 0)
        yield from _stated("indicators", in_language(row.row), moved, row.latest)
    papers = {x.item.key: x.mark.milli or 0 for x in before.documents}
    for line in here.documents:
        moved = (line.mark.milli or 0) - papers.get(line.item.key, 0)
        yield from _stated("documents", in_language(line.item), moved, line.stated)
    moved = (here.satisfaction.milli or 0) - (before.satisfaction.milli or 0)
    last = here.surveys[0] if here.surveys else None
    yield from _stated("satisfaction", _("自测满意度"), moved, last)


def _stated(sheet: str, name: str, milli: int, last: Any) -> Iterator[CauseLine]:
    if not milli:
        return
    words = str(SHEETS[sheet])
    if last is not None:
        words = _("%(sheet)s，%(day)s的数") % {
            "sheet": words, "day": date_format(last.on, _("Y年n月j日")),
        }  # fmt: skip
        words += _("，%(source)s") % {"source": last.source} if last.source else ""
    yield CauseLine(words, milli, name=name)
