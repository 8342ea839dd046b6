"""python -m bench.gaps: 责任空档 of 2,500 sites × 45 items × 60 units, and one single answer.

Pure reckoning over the duties in memory, as the pages do it; nothing is read from a database.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

GAPS_MOST_MS, TIMES = 200.0, 15


def main() -> int:
    """Measure and tell; 1 when the promise is not kept."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weicheng.settings")
    django.setup()
    from weicheng.duties.gaps import find
    from weicheng.duties.resolver import Question, answer
    from weicheng.duties.tests.large import large
    from weicheng.duties.tests.worlds import DAY

    book, places, clauses = large()
    site = places[-1]
    asked = Question(region=site.region, day=DAY, site=site.site, item="i7")
    gaps = _p50(lambda: find(book, places, clauses, DAY))
    one = _p50(lambda: answer(book, asked))
    print(f"gaps, {len(places)} places × {len(clauses)} items: {gaps:.1f} ms "
          f"(at most {GAPS_MOST_MS:.0f})")  # fmt: skip
    print(f"one answer: {one * 1000:.0f} µs")
    return 1 if gaps > GAPS_MOST_MS else 0


def _p50(work: Callable[[], object]) -> float:
    """The median of some runs, in milliseconds."""
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    raise SystemExit(main())
