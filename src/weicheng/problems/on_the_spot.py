"""What upper rooms know of how a problem was found: the spoken note, and what is odd about the
times. It is heard and read by whoever may see the problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.problems.models import Problem


@dataclass(frozen=True)
class OnTheSpot:
    """One finding behind a problem: its note, and words about its times."""

    voice: Attachment | None = None
    words: str = ""


Giver = Callable[["Problem"], list[OnTheSpot]]
_givers: list[Giver] = []


def register(giver: Giver) -> Giver:
    """Add who knows how problems were found; call it from the upper app's AppConfig.ready."""
    if giver not in _givers:
        _givers.append(giver)
    return giver


def on_the_spot(problem: Problem) -> list[OnTheSpot]:
    """What is known of how the problem was found."""
    return [one for giver in _givers for one in giver(problem)]
