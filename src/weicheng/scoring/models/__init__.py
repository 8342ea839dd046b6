"""The tables of scoring: what is known beside the visits, the own warning lines, and the switch."""

from .lines import ForecastSwitch, WarningLine
from .values import DocumentsMark, IndicatorValue, SatisfactionEstimate

__all__ = [
    "DocumentsMark",
    "ForecastSwitch",
    "IndicatorValue",
    "SatisfactionEstimate",
    "WarningLine",
]
