"""The odds of a draw: how likely each site is, given all earlier rounds, and by when it must come.

The design, type by type. A site that has waited w rounds must come within s = N - w rounds.
With C(s) the number of sites that must come within s rounds, the *pace* c is the least whole
number with C(s) ≤ c·s for all s. A draw takes at least C(s) - c·(s-1) of those for every s; then
the pace holds in the next round too, and every site comes within N rounds (earliest deadline
first: Jackson 1955). The other places are given half by plain chance, the same for all sites, and
half by how little time a site has left (1/s). At most c of q places are ever bound by deadlines.

What no design can do: a site that is promised within N rounds and has not come in N - 1 of them is
certain in the last one, for if its odds stayed below 1 in every round it would stay away with a
chance above 0. So the odds are below 1 until the last round, and above 0 as long as c < q. With
one place (q = 1) a site in its last round takes it, and the others of its type are safe that once.
The odds are those before a draw; whoever learns a part of that same draw may guess the rest better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from weicheng.inspections.rounding import UNIT, Cell, shared

Quota = Mapping[str, int]
Rounds = Sequence[Collection[str]]
#: The keys that earlier rounds drew, oldest first: of each type by its key, or for all alike.
History = Rounds | Mapping[str, Rounds]
SLACK = 3  # see `rounds_needed`


@dataclass(frozen=True)
class Candidate:
    """A site that may be drawn. `since`: rounds of its type held before it could be drawn."""

    key: str
    site_type: str
    area: str = ""
    since: int = 0


@dataclass(frozen=True)
class Gap:
    """A promise of `rounds` rounds that cannot be kept.

    `sites` sites at `quota` a round need `needed` rounds; `late` of them will come later than
    promised. With fewer rounds than needed, the draw works towards `kept` rounds instead.
    """

    site_type: str
    sites: int
    quota: int
    rounds: int
    needed: int
    kept: int
    late: int


@dataclass(frozen=True)
class Design:
    """The odds of one type: members and expected number (in units of 2^-40) of every cell."""

    site_type: str
    quota: int
    rounds: int
    pace: int
    cells: Mapping[Cell, list[str]]  # (area, rounds left): keys in order
    expected: Mapping[Cell, int]
    gap: Gap | None

    def odds(self) -> dict[str, float]:
        """The chance of each site to be in the next draw, 0 to 1."""
        return {
            key: self.expected[cell] / (len(keys) * UNIT)
            for cell, keys in self.cells.items()
            for key in keys
        }


def rounds_needed(sites: int, quota: int) -> int:
    """The rounds to plan for: three times the least number, one when the quota takes all sites.

    Deadlines then bind a third of the places at most. Twice the least number works too, but lets
    one place in ten be foreseen (`bench/drawing.py`). ValueError without a quota.
    """
    if quota < 1:
        raise ValueError("rounds need a quota of at least 1")
    return 1 if sites <= quota else SLACK * -(-sites // quota)


def halved(quotas: Quota) -> dict[str, int]:
    """Half of every quota, rounded up: a type that is drawn at all keeps one place."""
    return {site_type: -(-quota // 2) for site_type, quota in quotas.items()}


def odds(
    candidates: Iterable[Candidate],
    quotas: Quota,
    *,
    history: History = (),
    rounds: int | None = None,
    half: bool = False,
    spread: bool = False,
) -> dict[str, float]:
    """The true chance of every candidate to be in the next draw, given the whole past.

    Candidates whose type has no quota have the chance 0. Arguments and errors as for `draw`.
    """
    found = list(candidates)
    chance = {one.key: 0.0 for one in found}
    quotas = halved(quotas) if half else quotas
    for design in designs(found, quotas, history=history, rounds=rounds, spread=spread):
        chance.update(design.odds())
    return chance


def designs(
    candidates: Sequence[Candidate],
    quotas: Quota,
    *,
    history: History,
    rounds: int | None,
    spread: bool,
) -> list[Design]:
    """The design of every type with a quota above 0, by the order of the types' keys."""
    _check(candidates, quotas, rounds)
    by_type: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda one: one.key):
        by_type.setdefault(one.site_type, []).append(one)
    alike = None if isinstance(history, Mapping) else _Past.of(history)
    found = []
    for site_type, quota in sorted(quotas.items()):
        if quota > 0:
            past = alike or _Past.of(rounds_of(history, site_type))
            sites = by_type.get(site_type, [])
            found.append(_design(site_type, quota, sites, past, rounds=rounds, spread=spread))
    return found


def rounds_of(history: History, site_type: str) -> Rounds:
    """The earlier rounds in which sites of this type were drawn."""
    return history.get(site_type, ()) if isinstance(history, Mapping) else history


def _check(candidates: Sequence[Candidate], quotas: Quota, rounds: int | None) -> None:
    twice = [key for key, times in Counter(one.key for one in candidates).items() if times > 1]
    if twice:
        raise ValueError(f"candidates named twice: {', '.join(sorted(twice)[:5])}")
    below = sorted(site_type for site_type, quota in quotas.items() if quota < 0)
    if below:
        raise ValueError(f"quotas below 0: {', '.join(below)}")
    if rounds is not None and rounds < 1:
        raise ValueError("rounds must be at least 1")


@dataclass(frozen=True)
class _Past:
    """How many rounds were held, and the last round (from 1) that drew each key."""

    held: int
    drawn: Mapping[str, int]

    @classmethod
    def of(cls, rounds: Rounds) -> _Past:
        drawn = {key: turn for turn, keys in enumerate(rounds, start=1) for key in keys}
        return cls(len(rounds), drawn)

    def waited(self, one: Candidate) -> int:
        """Rounds since the site was drawn or came in."""
        return self.held - min(self.held, max(self.drawn.get(one.key, 0), one.since))


def _design(
    site_type: str,
    quota: int,
    sites: Sequence[Candidate],
    past: _Past,
    *,
    rounds: int | None,
    spread: bool,
) -> Design:
    least = -(-len(sites) // quota)
    kept = rounds if rounds and rounds >= least else rounds_needed(len(sites), quota)
    cells: dict[Cell, list[str]] = {}
    for one in sites:
        cell = (one.area if spread else "", kept - past.waited(one))
        cells.setdefault(cell, []).append(one.key)
    places = min(quota, len(sites))
    ahead = _Ahead.of(cells)
    columns = _all_in_time(ahead, places) if ahead.pace <= places else _latest(ahead, places)
    expected = _by_area(cells, columns)
    if spread:
        _evened(cells, expected, ahead, places)
    late = max([0, *(upto - places * max(left, 1) for left, upto in ahead.upto.items())])
    impossible = rounds is not None and rounds < least
    gap = Gap(site_type, len(sites), quota, rounds or kept, least, kept, late)
    return Design(
        site_type, quota, kept, ahead.pace, cells, expected, gap if impossible or late else None
    )


@dataclass(frozen=True)
class _Ahead:
    """What the coming rounds ask: sites by rounds left, those up to each, and the pace."""

    count: Mapping[int, int]
    upto: Mapping[int, int]
    pace: int

    @classmethod
    def of(cls, cells: Mapping[Cell, list[str]]) -> _Ahead:
        count: Counter[int] = Counter()
        for (_, left), keys in cells.items():
            count[left] += len(keys)
        ordered = dict(sorted(count.items()))
        upto = dict(zip(ordered, accumulate(ordered.values()), strict=True))
        pace = max([0, *(-(-number // max(left, 1)) for left, number in upto.items())])
        return cls(ordered, upto, pace)

    def must(self, left: int) -> int:
        """How many of the sites with at most `left` rounds left the next draw has to take."""
        return self.upto[left] - self.pace * (max(left, 1) - 1)


def _latest(ahead: _Ahead, places: int) -> dict[int, int]:
    """Too late for all: those that should have come earliest come first."""
    left = places * UNIT
    columns = {}
    for column, number in ahead.count.items():
        columns[column] = min(left, number * UNIT)
        left -= columns[column]
    return columns


def _all_in_time(ahead: _Ahead, places: int) -> dict[int, int]:
    """Expected numbers by rounds left: the last round is certain, the others chance and time."""
    due = {left: number for left, number in ahead.count.items() if left <= 1}
    rest = {left: number for left, number in ahead.count.items() if left > 1}
    columns = {left: number * UNIT for left, number in due.items()}
    columns |= _capped(rest, (places - sum(due.values())) * UNIT)
    for left in rest:
        missing = ahead.must(left) * UNIT - sum(columns[one] for one in columns if one <= left)
        if missing > 0:
            _move(columns, ahead.count, left, missing)
    return columns


def _capped(rest: Mapping[int, int], amount: int) -> dict[int, int]:
    """`amount` units: half by number, half by number over rounds left.

    No site gets more than half of the way from plain chance to certainty; what is over goes to
    the others.
    """
    lefts = list(rest)
    numbers = [rest[left] for left in lefts]
    flat = shared(amount // 2, numbers)
    timely = shared(amount - amount // 2, [n * UNIT // left for left, n in rest.items()])
    columns = {left: a + b for left, a, b in zip(lefts, flat, timely, strict=True)}
    total = sum(numbers)
    cap = {left: n * (amount + total * UNIT) // (2 * total) for left, n in rest.items()}
    over = 1
    while over > 0:
        over = sum(max(0, columns[left] - cap[left]) for left in lefts)
        columns = {left: min(columns[left], cap[left]) for left in lefts}
        room = [columns[left] if columns[left] < cap[left] else 0 for left in lefts]
        for left, more in zip(lefts, shared(over, room), strict=True):
            columns[left] += more
    return columns


def _move(columns: dict[int, int], count: Mapping[int, int], upto: int, missing: int) -> None:
    """Move units from the columns after `upto` to those that must come by then."""
    early = [left for left in columns if 1 < left <= upto]
    room = [count[left] * UNIT - columns[left] for left in early]
    for left, more in zip(early, shared(missing, room), strict=True):
        columns[left] += more
    later = [left for left in columns if left > upto]
    for left, less in zip(later, shared(missing, [columns[one] for one in later]), strict=True):
        columns[left] -= less


def _by_area(cells: Mapping[Cell, list[str]], columns: Mapping[int, int]) -> dict[Cell, int]:
    """Each column's units over its areas in proportion to their sites."""
    members: dict[int, list[Cell]] = {}
    for cell in sorted(cells):
        members.setdefault(cell[1], []).append(cell)
    expected: dict[Cell, int] = {}
    for left, group in members.items():
        parts = shared(columns[left], [len(cells[cell]) for cell in group])
        expected.update(zip(group, parts, strict=True))
    return expected


def _evened(
    cells: Mapping[Cell, list[str]], expected: dict[Cell, int], ahead: _Ahead, places: int
) -> None:
    """Move units between areas until every area has its share of the sites of the type.

    First between whole areas as far as deadlines allow, then within single columns, which no
    deadline minds. No area loses more than half of its odds nor goes more than half of the way to
    certainty in either step; an area whose deadlines ask for more than its share keeps more.
    """
    over = _over(cells, expected, places)
    free = sorted(cell for cell in cells if cell[1] > 1)
    columns: dict[int, list[Cell]] = {}
    for cell in free:
        columns.setdefault(cell[1], []).append(cell)
    if ahead.pace <= places:
        change = _change(free, cells, expected, over)
        part = _allowed(change, expected, ahead, margin=4 * len(cells))
        _apply(_change(free, cells, expected, over, part), expected, over)
    for left in sorted(columns, reverse=True):
        if any(over.values()):
            _apply(_change(columns[left], cells, expected, over), expected, over)


def _over(
    cells: Mapping[Cell, list[str]], expected: Mapping[Cell, int], places: int
) -> dict[str, int]:
    """By area: the units it has above its share of the sites (below 0: that it lacks)."""
    size: Counter[str] = Counter()
    over: Counter[str] = Counter()
    for cell, keys in cells.items():
        size[cell[0]] += len(keys)
        over[cell[0]] += expected[cell]
    areas = sorted(size)
    shares = shared(places * UNIT, [size[area] for area in areas])
    return {area: over[area] - share for area, share in zip(areas, shares, strict=True)}


def _apply(change: Mapping[Cell, int], expected: dict[Cell, int], over: dict[str, int]) -> None:
    for cell, units in change.items():
        expected[cell] += units
        over[cell[0]] += units


def _change(
    among: Sequence[Cell],
    cells: Mapping[Cell, list[str]],
    expected: Mapping[Cell, int],
    over: Mapping[str, int],
    part: tuple[int, int] = (1, 1),
) -> dict[Cell, int]:
    """Units that `among` would give (below 0) and take to even the areas out; they sum to 0."""
    giving = [cell for cell in among if over[cell[0]] > 0]
    taking = [cell for cell in among if over[cell[0]] < 0]
    room = {cell: expected[cell] for cell in giving}
    room |= {cell: len(cells[cell]) * UNIT - expected[cell] for cell in taking}
    whole: Counter[str] = Counter()
    for cell, units in room.items():
        whole[cell[0]] += units
    most = {area: min(abs(over[area]), whole[area] // 2) for area in whole}
    weight = {cell: most[cell[0]] * units // max(1, whole[cell[0]]) for cell, units in room.items()}
    gives, takes = [weight[cell] for cell in giving], [weight[cell] for cell in taking]
    moved = min(sum(gives), sum(takes)) * part[0] // part[1]
    change = {cell: -units for cell, units in zip(giving, shared(moved, gives), strict=True)}
    return change | dict(zip(taking, shared(moved, takes), strict=True))


def _allowed(
    change: Mapping[Cell, int], expected: Mapping[Cell, int], ahead: _Ahead, margin: int
) -> tuple[int, int]:
    """The largest part of a change, as a fraction, that leaves every deadline its places."""
    has, loses = Counter[int](), Counter[int]()
    for cell, units in expected.items():
        has[cell[1]] += units
        loses[cell[1]] -= change.get(cell, 0)
    num, den = 1, 1
    upto = less = 0
    for left in ahead.count:
        upto, less = upto + has[left], less + loses[left]
        spare = max(0, upto - ahead.must(left) * UNIT - margin)
        if spare * den < less * num:
            num, den = spare, less
    return num, den
