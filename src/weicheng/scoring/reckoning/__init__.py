"""The mock score as pure functions over arrays; no table of the database is known here.

Points are whole milli (1/1000 point); exact values are ``Fraction``. The public doors:

``Snapshot.of(items, checks, quotas, visits) -> Snapshot``
    items: ``ItemRow(key, aspect, onsite_milli, whose, veto, certainty)``; checks:
    ``CheckRow(key, site_type, item, deduct_milli, severity, is_key)``; quotas: site type -> number
    of the edition and city size; visits: ``Visit(visit, site, site_type, at, town, units, failed,
    not_applicable, unseen, bands)`` (sets of check keys; whatever is in none of them passed; ids as
    text; of several visits to a site the latest counts).
    ``snapshot.only(lambda visit: ...)`` keeps a part of the visits. Raises ``BadSnapshot``.
``score(snapshot, sheet=PLAIN) -> Score``
    ``total``, ``aspects``, ``items``, ``whose``, ``ours`` as ``Portion(of, earned, lost,
    not_inspected)``; ``only_city_milli``, ``red``, ``key_rate``, ``certainty``,
    ``on_defaults``, ``unseen``, ``failed_visits``.
``shipped()``, ``read_sheets(path)``, ``sheets_of(text) -> {key: Sheet}``
    deduction, band, shaoyang, jiangmen, ankang; ``BadSheet`` names file, line and field.
``apply(sheet, score, Facts(found, fixed, overdue, again, work_percent)) -> Result``
    the total of a local rule, what it takes off, its word for the result.
``explain(snapshot, score) -> Tree``
    ``tree.open(path) -> tuple[Node, ...]`` one level: aspect, item, site_type, check, visit;
    ``tree.paths(check, visit)`` from the total to one leaf; ``tree.node(path)``.
``difference(before, after, sheet=PLAIN, *, aspect=None, item=None) -> list[Cause]``
    of the earned milli; the causes add up to the change exactly.
``compare(places, floor=8) -> tuple[Comparison, ...]``; ``site_shares(score)`` feeds it.
``judge(row, value, history, met) -> Judged``, ``trend_of(words_zh)``, ``spread(milli, keys)``,
``DocumentMark``, ``Satisfaction``, ``thousand(score, judged, marks, satisfaction) -> Thousand``,
``sure(onsite, judged, marks, satisfaction)``: how sure the points themselves are.
"""

from .apportion import apportion, nearest, spread
from .comparing import Comparison, Place, compare, interval, site_shares
from .differing import Cause, difference
from .explaining import LEVELS, Node, Tree, explain
from .indicators import (
    DocumentMark,
    IndicatorRow,
    Judged,
    Satisfaction,
    documents_of,
    judge,
    trend_of,
)
from .refusals import BadSheet, BadSnapshot, NotComparable, Unreckonable
from .scores import ItemScore, Portion, RedPoint, Score, score
from .sheet import PLAIN, Sheet
from .sheet_reading import read_sheets, sheets_of, shipped
from .snapshot import (
    FAILED,
    NOT_APPLICABLE,
    PASSED,
    UNSEEN,
    CheckRow,
    ItemRow,
    Snapshot,
    Visit,
)
from .thousand import SheetPart, Thousand, sure, thousand
from .verdicts import Facts, Result, apply

__all__ = [
    "FAILED", "LEVELS", "NOT_APPLICABLE", "PASSED", "PLAIN", "UNSEEN", "BadSheet",
    "BadSnapshot", "Cause", "CheckRow", "Comparison", "DocumentMark",
    "Facts", "IndicatorRow", "ItemRow", "ItemScore", "Judged", "Node", "NotComparable",
    "Place", "Portion", "RedPoint", "Result", "Satisfaction", "Score", "Sheet", "SheetPart",
    "Snapshot", "Thousand", "Tree", "Unreckonable", "Visit", "apply", "apportion",
    "compare", "difference", "documents_of", "explain", "interval", "judge", "nearest",
    "read_sheets", "score", "sheets_of", "shipped", "site_shares", "spread", "sure",
    "thousand", "trend_of",
]  # fmt: skip
