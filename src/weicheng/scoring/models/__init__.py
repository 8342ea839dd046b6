"""The tables of scoring: what is known beside the visits, the own warning lines, the switch, and
the stored runs of the forecast."""

from .lines import ForecastSwitch, WarningLine
from .runs import ForecastRun, Outlay, Regain, Strength
from .values import CONDITION, DocumentsMark, IndicatorValue, SatisfactionEstimate, condition_key

__all__ = [
    "CONDITION",
    "DocumentsMark",
    "ForecastRun",
    "ForecastSwitch",
    "IndicatorValue",
    "Outlay",
    "Regain",
    "SatisfactionEstimate",
    "Strength",
    "WarningLine",
    "condition_key",
]
