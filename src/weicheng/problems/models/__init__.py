"""The tables of a problem."""

from weicheng.problems.models.asking import Request
from weicheng.problems.models.deadlines import Alarm, DueRule
from weicheng.problems.models.duties import CableLine, Milestone, Obligation, Parking
from weicheng.problems.models.facts import Event, Photo, Remark
from weicheng.problems.models.links import Link, Voice
from weicheng.problems.models.numbers import NumberHold, NumberSeries
from weicheng.problems.models.problem import Party, Problem, ProblemQuerySet
from weicheng.problems.models.routing import RouteRule
from weicheng.problems.models.tallies import Tally, TallyDelta

__all__ = [
    "Alarm",
    "CableLine",
    "DueRule",
    "Event",
    "Link",
    "Milestone",
    "NumberHold",
    "NumberSeries",
    "Obligation",
    "Parking",
    "Party",
    "Photo",
    "Problem",
    "ProblemQuerySet",
    "Remark",
    "Request",
    "RouteRule",
    "Tally",
    "TallyDelta",
    "Voice",
]
