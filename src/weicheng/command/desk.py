"""What the three panes of the workbench show: tabs, list, the matter, and the act at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weicheng.command import queues
from weicheng.command.forms import FORMS
from weicheng.command.proposals import alike, unit_of
from weicheng.command.surroundings import surroundings
from weicheng.command.timeline import last_steps
from weicheng.frame import navigation
from weicheng.frame.paging import Page, page_of
from weicheng.problems.doubts import doubts_about
from weicheng.problems.models import Problem
from weicheng.problems.rules import allowed_acts
from weicheng.problems.who import acting
from weicheng.standards.models import Item

if TYPE_CHECKING:
    from weicheng.problems.forms import ActForm

BULK = 200
#: The other acts of the right pane in their order: act, words, key.
LINKS: tuple[tuple[str, Promise, str], ...] = (
    ("dispatch", _("改派"), ""),
    ("send_back", pgettext_lazy("act", "退回"), "r"),
    ("decline", _("不予受理"), "x"),
    ("amend", _("修改"), "e"),
    ("hand_in", _("代交整改"), ""),
    ("sign", _("代签收"), ""),
    ("report_progress", _("报进度"), ""),
    ("settle", _("办结一项"), ""),
    ("set_due", _("改时限"), ""),
    ("recall", pgettext_lazy("act", "收回"), ""),
    ("park", pgettext_lazy("act", "挂账"), ""),
    ("unpark", _("结束挂账"), ""),
    ("set_long_term", pgettext_lazy("act", "长期推进"), ""),
    ("close", _("直接销号"), ""),
)
#: The act that opens by itself, by status; "" shows how things stand.
FIRST_ACT = {"new": "dispatch", "check": "pass_fix"}
#: Acts that the office types for the unit which leads.
FOR_UNIT = ("sign", "hand_in")


@dataclass(frozen=True)
class State:
    """Where on the workbench we are: queue, page key, chosen problem, act, several at once;
    ``fresh`` asks for what the rules propose today."""

    queue: str = queues.FIRST
    after: str = ""
    item: str = ""
    act: str = ""
    pick: str = ""
    fresh: str = ""

    def address(self, **changes: str) -> str:
        """The address of the workbench in this state, changed in some points."""
        values = {**self.__dict__, **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{reverse('command:workbench')}?{query}"


def state_of(given: Any) -> State:
    """The state that a request carries."""
    queue = given.get("queue", "")
    return State(
        queue=queue if queue in queues.QUEUES else queues.FIRST,
        after=given.get("after", ""), item=given.get("item", ""),
        act=given.get("act", ""), pick=given.get("pick", ""), fresh=given.get("fresh", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """One queue with its figure; None where nothing is counted."""

    label: str | Promise
    url: str
    count: int | None
    is_on: bool = False


def tabs(user: Any, state: State, now: datetime) -> list[Tab]:
    """Leads first, where there is such a page, then the queues."""
    found: list[Tab] = []
    try:
        url = reverse("intake:leads")
    except NoReverseMatch:
        url = ""
    if url:
        counter = navigation.COUNTERS.get("leads")
        found.append(Tab(_("线索"), url, counter(user) if counter else None))
    counts = queues.counts(user, now)
    found += [
        Tab(q.label, State(queue=q.key).address(), counts.get(q.key, 0), q.key == state.queue)
        for q in queues.QUEUES.values()
    ]
    return found


def listing(user: Any, state: State, now: datetime) -> Page[Problem]:
    """The rows of the queue: a page, or up to 200 to be picked."""
    queue = queues.QUEUES[state.queue]
    size = BULK if state.pick else 50
    rows = queues.rows(user, state.queue, now)
    return page_of(rows, order=queue.order, query={"after": state.after}, size=size)


def following(user: Any, state: State, problem: Problem, now: datetime) -> str:
    """The id of the row after this one in its queue; else of the first other row; else nothing."""
    queue = queues.QUEUES[state.queue]
    ids = [
        str(i)
        for i in queues.rows(user, state.queue, now)
        .prefetch_related(None).order_by(*queue.order).values_list("id", flat=True)[:1000]
    ]  # fmt: skip
    here = str(problem.pk)
    if here not in ids:
        return ids[0] if ids else ""
    place = ids.index(here)
    rest = ids[place + 1 :] or ids[:place]
    return rest[0] if rest else ""


def chosen(user: Any, item: str) -> Problem | None:
    """The problem of this id with all that the card shows, if the user may see it."""
    try:
        key = UUID(item)
    except ValueError:
        return None
    found = Problem.objects.visible_to(user).for_rows().defer("search")
    return found.prefetch_related("obligations").filter(pk=key).first()


@dataclass(frozen=True)
class Link:
    """A way to another act of the right pane."""

    url: str
    words: str | Promise
    key: str = ""
    wide: bool = False


def links(state: State, found: Matter) -> list[Link]:
    """The acts that are open to this person now, without the one at hand."""
    here = State(queue=state.queue, after=state.after, item=str(found.problem.pk))
    first = FIRST_ACT.get(found.problem.status, "")
    ways = [
        Link(here.address(act=act), words, key)
        for act, words, key in LINKS
        if act in found.allowed and act not in {found.act, first}
        and not (act == "unpark" and not found.problem.parked)
        and not (act == "park" and found.problem.parked)
    ]  # fmt: skip
    if found.act != first:
        ways.append(Link(here.address(), _("返回"), wide=True))
    return ways


@dataclass
class Matter:
    """The card and the act at hand."""

    problem: Problem
    act: str
    form: ActForm | None
    allowed: set[str]

    def is_for_unit(self) -> bool:
        """Whether the act is the unit's and the office only types it."""
        return self.act in FOR_UNIT


def matter(
    user: Any, problem: Problem, act: str, now: datetime, form: ActForm | None = None
) -> Matter:
    """What the two right panes need; ``form`` is given when an act was refused."""
    allowed = allowed_acts(acting(user, None, timezone.localdate(now)), problem, now=now)
    lead = unit_of(problem.lead_unit_id)
    if problem.status in {"run", "long"} and lead is not None:
        allowed |= {"hand_in"} | ({"sign"} if problem.status == "run" else set())
    act = form.act if form is not None else act or FIRST_ACT.get(problem.status, "")
    if form is None and act in FORMS and act in allowed:
        form = FORMS[act](problem=problem, user=user, now=now, initial=_initial(problem, act))
    return Matter(problem, act, form, allowed)


def _initial(problem: Problem, act: str) -> dict[str, Any]:
    lead = unit_of(problem.lead_unit_id)
    return {"behalf_unit": lead} if act in FOR_UNIT and lead is not None else {}


def card(user: Any, problem: Problem, now: datetime) -> dict[str, Any]:
    """Everything of the middle pane."""
    site = problem.site
    latitude = problem.latitude if problem.latitude is not None else getattr(site, "latitude", None)
    longitude = (
        problem.longitude if problem.longitude is not None else getattr(site, "longitude", None)
    )
    return {
        "steps": last_steps(problem),
        "duplicates": alike(user, problem, now),
        "around": surroundings(
            user, region=problem.region, site=problem.site_id, latitude=latitude,
            longitude=longitude,
        ),
        "clause": clause(problem), "doubts": doubts_about(problem, user),
    }  # fmt: skip


def clause(problem: Problem) -> Item | None:
    """The item of the standard that this kind answers to."""
    key = problem.kind.item_key
    if not key:
        return None
    return (
        Item.objects.filter(key=key).select_related("aspect").order_by("-standard__issued").first()
    )
