"""How a page is looked at: barriers, errors, what sticks out, foreign words; and by whom."""

from __future__ import annotations

import os
from pathlib import Path

from tests.journeys.browser import PHONE, Clerk, Office
from tests.played import Played
from tests.test_pages import HERE

SHOTS = os.environ.get("WEICHENG_SHOTS", "")  # a folder, when somebody wants to look

#: Which role looks at which pages; every page of the product once, the important ones by several.
SEEN_BY: dict[str, tuple[str, ...]] = {
    "office": (
        "command:workbench", "command:today", "command:search", "command:site", "command:units",
        "command:unit", "command:my_duties", "problems:list", "problems:detail", "problems:new",
        "problems:act",
        "problems:unit_todo", "problems:check", "orders:index", "orders:leader", "orders:post",
        "orders:unit", "places:index", "places:new", "places:edit", "places:campaign",
        "people:unit_new", "people:unit_edit", "people:post_new", "people:person_edit",
        "people:site_parties", "people:regions", "people:region_new", "people:region_edit",
        "standards:index", "standards:item", "standards:item_edit", "standards:versions",
        "standards:site_types", "standards:site_type", "standards:kinds", "standards:kind",
        "standards:kind_edit", "people:me", "people:password", "people:second_factor",
        "workdays:calendar", "workdays:day", "workdays:hours", "workdays:publish",
        "problems:limits", "problems:limit_new", "problems:limit_edit",
        "problems:routes", "problems:route_new", "problems:route_edit",
        "notices:bell", "notices:digest", "notices:tasks", "notices:channels",
        "complaints:new", "complaints:look", "complaints:queue", "complaints:item",
        "duties:tree", "duties:item", "duties:areas", "duties:gaps", "duties:new", "duties:edit",
        "duties:settle", "duties:handover", "duties:merge",
        "duties:imported", "duties:aliases",
        "intake:import", "intake:batch", "intake:leads", "intake:inbox",
        "inspections:plans", "inspections:year", "inspections:plan_new", "inspections:plan",
        "inspections:plan_edit", "inspections:teams", "inspections:guests",
        "inspections:observation_new", "inspections:observation", "inspections:observation_stop",
        "inspections:observation_papers", "inspections:observation_marks",
        "inspections:observation_pack", "inspections:look_backs", "inspections:look_back",
        "inspections:rulings", "inspections:ruling_new", "inspections:ruling_replace",
        "inspections:daily_new", "inspections:site", "inspections:paper_plan",
        "inspections:paper_site", "inspections:plates", "inspections:agreement",
        "fieldwork:held", "fieldwork:import",
        "scoring:score", "scoring:changes",
        "scoring:changes_of", "scoring:why", "scoring:why_below", "scoring:figures",
        "scoring:compare",
        "scoring:sheets", "scoring:around", "scoring:fixing",
    ),
    "unit": (
        "command:my_duties", "duties:tree", "notices:bell", "notices:digest", "problems:mine",
        "problems:detail", "problems:hand_in", "problems:list",
    ),
    "inspector": (
        "problems:check", "problems:new", "problems:detail", "inspections:route",
        "inspections:paper_route", "inspections:paper", "fieldwork:home",
    ),
    "leader": (
        "command:today", "problems:list", "scoring:score", "scoring:fixing", "scoring:forecast",
        "inspections:plans",
    ),
    "community": ("problems:mine", "problems:new"),
    "sponsor": ("problems:mine",),
    "city": ("places:campaign_edit",),
}  # fmt: skip
MORE = (
    "/check/?only=spot", "/workbench/?queue=check", "/workbench/?pick=1", "/problems/?flag=late",
    "/problems/?q=没有这样的词",
)  # fmt: skip


def look(clerk: Clerk, name: str, path: str) -> list[str]:
    """What is wrong with a page on this screen."""
    clerk.complaints.clear()
    clerk.goes_to(path)
    clerk.page.wait_for_load_state("load")
    if SHOTS:
        shot = Path(SHOTS) / f"{name.replace(':', '-')}-{clerk.width}.png"
        clerk.page.screenshot(path=shot, full_page=clerk.width == PHONE)
    found = [f"axe {words}" for words in clerk.barriers()]
    found += [f"console {words}" for words in clerk.complaints]
    found += [f"wide {words}" for words in clerk.wider()]
    found += [f"english {word}" for word in clerk.english()]
    return [f"{name} at {clerk.width}: {words}" for words in found]


def looked(city: Played, office: Office, width: int) -> list[str]:
    """What is wrong with any page for any role at this width."""
    users = {role: city.user(role) for role in SEEN_BY if role != "city"}
    users["city"] = city.city.users["市创卫办"]
    wrong = []
    for role, names in SEEN_BY.items():
        clerk = office.clerk(users[role], width)
        for name in names:
            wrong += look(clerk, f"{role}-{name}", HERE[name](city))
        for number, path in enumerate(MORE if role == "office" else ()):
            wrong += look(clerk, f"more-{number}", path)
    return wrong


def doors(city: Played, office: Office, width: int) -> list[str]:
    """What is wrong with the pages before the log-in, and with the page that is not there."""
    from weicheng.people import links

    nobody = office.clerk(None, width)
    wrong = look(nobody, "login", "/login/")
    wrong += look(nobody, "link", links.link_for(city.user("office"), office.base))
    clerk = office.clerk(city.user("office"), width)
    clerk.page.goto(f"{clerk.base}/problems/00000000-0000-7000-8000-000000000000/")
    return wrong + clerk.barriers() + clerk.wider() + sorted(clerk.english())
