"""python -m bench.duplicates: how well the same matter is recognised, on planted pairs.

Pure reckoning over ``problems.duplicates.weigh``; every later report is weighed against every first
report of all pairs, as a town's open problems would be. The threshold was chosen on one seed and is
reported on another.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from bench.planted import Pair, Said, pairs

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
TUNED_ON, REPORTED_ON, PAIRS = 20260318, 7, 600
_SPACE = UUID(int=7)


@dataclass
class Score:
    """What was shown: right ones, wrong ones, and how many there were to find."""

    right: int = 0
    wrong: int = 0
    wanted: int = 0
    missed: dict[str, int] = field(default_factory=dict)
    mistaken: dict[str, int] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """The share of what is shown that is the same matter."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of the same matters that is shown."""
        return self.right / self.wanted if self.wanted else 1.0


def measure(planted: list[Pair], threshold: float) -> Score:
    """Weigh every later report against every first one."""
    from weicheng.problems import duplicates

    kinds = groups()
    rows = [_row(n, p.first) for n, p in enumerate(planted)]
    found = Score()
    for n, pair in enumerate(planted):
        matter = _matter(pair.later, kinds)
        like = {k for k, kind in kinds.items() if kind.group_zh == matter.kind.group_zh}
        weighed = [
            (duplicates.weigh(matter, row, NOW).score, m)
            for m, row in enumerate(rows)
            if row.kind in like
            and (row.closed_at is None or row.closed_at >= NOW - duplicates.LOOK_BACK)
        ]
        shown = {m for score, m in sorted(weighed, reverse=True)[:3] if score >= threshold}
        found.wanted += pair.same
        hit = n in shown and pair.same
        found.right += hit
        found.wrong += len(shown) - hit
        if pair.same and not hit:
            found.missed[pair.sort] = found.missed.get(pair.sort, 0) + 1
        if len(shown) > hit:
            sort = pair.sort if not pair.same else "elsewhere"
            found.mistaken[sort] = found.mistaken.get(sort, 0) + 1
    return found


def groups() -> dict[str, Kind]:
    """The shipped kinds, without a database."""
    import yaml

    from weicheng.standards.reading import DATA

    rows = yaml.safe_load((DATA / "problem_kinds.yaml").read_text("utf-8"))["problem_kinds"]
    return {r["key"]: Kind(r["key"], r["group_zh"], r["duplicate_radius_m"]) for r in rows}


@dataclass(frozen=True)
class Kind:
    """As much of a ProblemKind as is weighed."""

    pk: str
    group_zh: str
    duplicate_radius_m: int


def _matter(said: Said, kinds: dict[str, Any]) -> Any:
    from weicheng.problems import duplicates

    return duplicates.Matter(
        kind=kinds[said.kind], region=_SPACE, site=_site(said), place=said.place,
        words=said.words, at=said.at, latitude=said.latitude, longitude=said.longitude,
    )  # fmt: skip


def _row(n: int, said: Said) -> Any:
    from weicheng.problems import duplicates

    return duplicates.Row(
        id=UUID(int=n), kind=said.kind, site=_site(said), place=said.place, words=said.words,
        at=said.at, closed_at=said.closed_at, latitude=said.latitude, longitude=said.longitude,
    )  # fmt: skip


def _site(said: Said) -> UUID | None:
    return uuid5(_SPACE, said.site) if said.site else None


def main() -> None:
    """Tell precision and recall at a row of thresholds, then in full at the one in use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weicheng.settings")
    import django

    django.setup()
    from weicheng.problems.duplicates import THRESHOLD

    parser = argparse.ArgumentParser(prog="bench.duplicates", description=__doc__)
    parser.add_argument("--seed", type=int, default=REPORTED_ON)
    given = parser.parse_args()
    planted = pairs(PAIRS, seed=given.seed, now=NOW)
    for threshold in sorted({0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, THRESHOLD}):
        found = measure(planted, threshold)
        mark = "  <- in use" if threshold == THRESHOLD else ""
        print(f"{threshold:.2f}  precision {found.precision:.3f}  recall {found.recall:.3f}{mark}")
    began = time.perf_counter()
    found = measure(planted, THRESHOLD)
    each = (time.perf_counter() - began) / PAIRS
    print(f"missed {found.missed}, mistaken {found.mistaken}")
    print(f"{each * 1000:.1f} ms to weigh one report against {PAIRS}")


if __name__ == "__main__":
    main()
