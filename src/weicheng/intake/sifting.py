"""Which leads a page shows: pool or inbox, tab, source, proposed kind, words; and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q
from django.urls import reverse

from weicheng.intake.models import Lead, LeadSource
from weicheng.problems import catalogue
from weicheng.problems.texts import grams
from weicheng.triage.judging import LIKELY

if TYPE_CHECKING:
    from django.db.models import QuerySet

    Rows = QuerySet[Lead]

POOL, INBOX = "leads", "inbox"
OUTSIDE, UNSURE = "none", "unsure"
SURE_KIND, SURE_OUTSIDE = "likely", "likely_none"
CARRIED = "at_"
#: From here on a proposal is 很像 and may be taken with many others at once.
SURE = round(100 * LIKELY)
MOST_COUNTED = 1000
BULK = 200


#: What may be asked for beside a kind's key.
PROPOSED = {
    OUTSIDE: Q(outside__isnull=False),
    UNSURE: Q(proposal__isnull=True, outside__isnull=True),
    SURE_KIND: Q(proposal__isnull=False, confidence__gte=SURE),
    # What comes from the groups is the inspectors' own: none of it is set aside by the batch.
    SURE_OUTSIDE: Q(outside__isnull=False, confidence__gte=SURE) & ~Q(source=LeadSource.WECHAT),
}


@dataclass(frozen=True)
class Sieve:
    """Where in the pool we are; ``page`` is the pool or the inbox."""

    page: str = POOL
    tab: str = Lead.State.WAITING
    source: str = ""
    kind: str = ""
    words: str = ""
    after: str = ""
    before: str = ""
    pick: str = ""
    item: str = ""

    def address(self, **changes: str) -> str:
        """The address of this view, changed in some points."""
        values = {**self.__dict__, **changes}
        page = values.pop("page")
        if values["tab"] == Lead.State.WAITING:
            values["tab"] = ""
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse(f"intake:{page}") + (f"?{query}" if query else "")

    @property
    def order(self) -> tuple[str, str]:
        """A chat is read as it was said, the pool from the newest on."""
        return ("said_at", "id") if self.page == INBOX else ("-said_at", "-id")

    @property
    def item_address(self) -> str:
        """The address of this view up to the id of the lead to be opened."""
        return self.address(item="-")[:-1]

    def kept(self) -> dict[str, str]:
        """What forms carry along, under names that no field of theirs has."""
        return {f"{CARRIED}{n}": v for n, v in self.__dict__.items() if v and n != "item"}


def sieve_of(given: Any, page: str = "") -> Sieve:
    """The view that a request asks for."""
    get = given.get
    page = page or (INBOX if get("page") == INBOX else POOL)
    tab = get("tab", "")
    source = get("source", "")
    return Sieve(
        page=page, tab=tab if tab in Lead.State.values else Lead.State.WAITING,
        source=source if source in LeadSource.values and page == POOL else "",
        kind=get("kind", "")[:60], words=get("words", "").strip()[:60], after=get("after", ""),
        before=get("before", ""), item=get("item", ""), pick=get("pick", ""),
    )  # fmt: skip


def sieve_in(form: Any) -> Sieve:
    """The view that a sent form carries along."""
    carried = {n.removeprefix(CARRIED): v for n, v in form.items() if n.startswith(CARRIED)}
    return sieve_of(carried)


def rows(user: Any, sieve: Sieve) -> Rows:
    """The leads of a view, not yet ordered."""
    found: Rows = Lead.objects.visible_to(user).filter(state=sieve.tab)
    if sieve.page == INBOX:
        found = found.filter(source=LeadSource.WECHAT)
    elif sieve.source:
        found = found.filter(source=sieve.source)
    if sieve.kind:
        found = found.filter(PROPOSED.get(sieve.kind) or Q(proposal=sieve.kind))
    return _saying(found, sieve.words) if sieve.words else found


def _saying(found: Rows, words: str) -> Rows:
    """Leads that say all of the words, each by its pairs of characters."""
    pairs = grams(words)
    if not pairs or len(words) == 1:
        return found.filter(Q(text__contains=words) | Q(title__contains=words))
    query = " & ".join(f"'{pair}'" for pair in pairs)
    return found.filter(search=SearchQuery(query, search_type="raw", config="simple"))


def for_list(found: Rows) -> Rows:
    """With what a row of the list shows."""
    return (
        found.select_related("proposal", "region", "site")
        .defer("search")
        .prefetch_related("photos__attachment__blob")
    )


def one(user: Any, key: str | UUID) -> Lead | None:
    """A lead with all that its card shows, if the user may see it."""
    try:
        pk = UUID(str(key))
    except ValueError:
        return None
    found = for_list(Lead.objects.visible_to(user)).select_related(
        "proposal", "region__parent", "site", "district", "problem", "batch", "decided_by__person"
    )
    lead: Lead | None = found.filter(pk=pk).first()
    return lead


def neighbour(user: Any, sieve: Sieve, lead: Lead, step: int) -> UUID | None:
    """The lead after (1) or before (-1) this one in the view."""
    ahead = (step > 0) == (not sieve.order[0].startswith("-"))
    side = "gt" if ahead else "lt"
    beyond = Q(**{f"said_at__{side}": lead.said_at}) | Q(
        **{"said_at": lead.said_at, f"id__{side}": lead.pk}
    )
    sign = "" if ahead else "-"
    found = rows(user, sieve).filter(beyond).order_by(f"{sign}said_at", f"{sign}id")
    key: UUID | None = found.values_list("id", flat=True).first()
    return key


def following(user: Any, sieve: Sieve, lead: Lead) -> str:
    """What to work on after this one: the next of the view, else the one before it."""
    key = neighbour(user, sieve, lead, 1) or neighbour(user, sieve, lead, -1)
    return str(key or "")


def waiting(user: Any, source: str = "") -> int:
    """How many leads wait, counted up to a thousand and one."""
    found = Lead.objects.visible_to(user).filter(state=Lead.State.WAITING)
    if source:
        found = found.filter(source=source)
    return int(found.order_by()[: MOST_COUNTED + 1].count())


def tab_counts(user: Any, sieve: Sieve) -> dict[str, int]:
    """How many leads of each state the view's page has."""
    found = Lead.objects.visible_to(user)
    if sieve.page == INBOX:
        found = found.filter(source=LeadSource.WECHAT)
    return dict(found.order_by().values_list("state").annotate(n=Count("id")))


def likely(user: Any, sieve: Sieve) -> list[tuple[str, int]]:
    """(what to ask for, how many) of what may be taken at once: sure kinds, surely outside."""
    if sieve.tab != Lead.State.WAITING or sieve.page == INBOX:
        return []
    found = rows(user, Sieve(page=sieve.page, tab=sieve.tab, source=sieve.source)).order_by()
    asked = (SURE_KIND, SURE_OUTSIDE)
    counted = found.aggregate(**{name: Count("id", filter=PROPOSED[name]) for name in asked})
    return [(name, counted[name]) for name in asked if counted[name]]


def kind_counts(user: Any, sieve: Sieve) -> list[tuple[str, str, int]]:
    """(kind, name, how many) of the proposals in the view, most first."""
    found = rows(user, Sieve(page=sieve.page, tab=sieve.tab, source=sieve.source))
    counted = (
        found.filter(proposal__isnull=False)
        .order_by()
        .values_list("proposal")
        .annotate(n=Count("id"))
    )
    named = ((key, catalogue.name(key), n) for key, n in counted)
    return sorted(named, key=lambda row: (-row[2], row[0]))
