"""What may be done to checks; every act takes ``by`` and an ``op_id`` and happens once."""

from .daily import make_daily
from .drawing_up import lock_and_draw
from .guests import end_guest, invite_guest
from .looking_back import draw_look_backs, look_again
from .many import Given, Kept, Tie, record_visits, tie_problems
from .observing import (
    enter_papers,
    mark_by_phone,
    number_papers,
    plan_observation,
    publish_observation,
)
from .paper import enter_paper
from .planning import Wish, change_plan, drop_plan, make_plan, set_year
from .releasing import break_seal, mark_gone, release
from .rulings import Said, write_ruling
from .teams import Crew, replace_member, set_teams
from .visiting import Finding, Look, Reported, file_found, record_finding, record_visit

__all__ = [
    "Crew",
    "Finding",
    "Given",
    "Kept",
    "Look",
    "Reported",
    "Said",
    "Tie",
    "Wish",
    "break_seal",
    "change_plan",
    "draw_look_backs",
    "drop_plan",
    "end_guest",
    "enter_paper",
    "enter_papers",
    "file_found",
    "invite_guest",
    "lock_and_draw",
    "look_again",
    "make_daily",
    "make_plan",
    "mark_by_phone",
    "mark_gone",
    "number_papers",
    "plan_observation",
    "publish_observation",
    "record_finding",
    "record_visit",
    "record_visits",
    "release",
    "replace_member",
    "set_teams",
    "set_year",
    "tie_problems",
    "write_ruling",
]
