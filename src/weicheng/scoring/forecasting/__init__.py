"""The forecast of an assessment: pure arrays in, distributions out. Method: docs/forecast.md."""

from .beliefs import Belief, posterior
from .closed import Expected, expected, regained, repaired
from .coverage import Coverage, coverage
from .design import PARTS, Prior
from .district import OUTSIDE, OWN, UNDERCOVER, District, Unfit
from .result import Forecast
from .simulation import simulate
from .walking import around

__all__ = [
    "OUTSIDE",
    "OWN",
    "PARTS",
    "UNDERCOVER",
    "Belief",
    "Coverage",
    "District",
    "Expected",
    "Forecast",
    "Prior",
    "Unfit",
    "around",
    "coverage",
    "expected",
    "posterior",
    "regained",
    "repaired",
    "simulate",
]
