"""Where each page of checks, the field and scores lies in the played city, drawn by hand."""

from __future__ import annotations

from collections.abc import Callable

from tests.played import Played

CHECK_PAGES: dict[str, Callable[[Played], str]] = {
    "inspections:plans": lambda p: "/checks/",
    "inspections:year": lambda p: "/checks/year/",
    "inspections:plan_new": lambda p: "/checks/new/",
    "inspections:plan": lambda p: f"/checks/{a_plan(p)}/",
    "inspections:plan_edit": lambda p: f"/checks/{a_plan(p, 'draft')}/edit/",
    "inspections:teams": lambda p: f"/checks/{a_plan(p, 'draft')}/teams/",
    "inspections:guests": lambda p: f"/checks/{a_plan(p)}/guests/",
    "inspections:observation_new": lambda p: "/checks/observations/new/",
    "inspections:observation": lambda p: f"/checks/observations/{a_plan(p, 'observation')}/",
    "inspections:observation_stop": lambda p: (
        f"/checks/observations/{a_plan(p, 'observation')}/stops/{p.checks.stop('observation')}/"
    ),
    "inspections:observation_papers": lambda p: (
        f"/checks/observations/{a_plan(p, 'observation')}/papers/"
    ),
    "inspections:observation_marks": lambda p: (
        f"/checks/observations/{a_plan(p, 'observation')}/marks/"
    ),
    "inspections:observation_pack": lambda p: (
        f"/checks/observations/{a_plan(p, 'observation')}/pack/"
    ),
    "inspections:look_backs": lambda p: "/checks/look-backs/",
    "inspections:look_back": lambda p: f"/checks/look-backs/{a_look_back(p)}/",
    "inspections:rulings": lambda p: "/checks/rulings/",
    "inspections:ruling_new": lambda p: "/checks/rulings/new/",
    "inspections:ruling_replace": lambda p: f"/checks/rulings/{a_ruling(p)}/replace/",
    "inspections:route": lambda p: "/checks/route/",
    "inspections:daily_new": lambda p: "/checks/daily/new/",
    "inspections:site": lambda p: f"/checks/sites/{p.city.sites['张家沟小区'].pk}/",
    "inspections:paper_plan": lambda p: f"/checks/paper/plan/{a_plan(p)}/",
    "inspections:paper_route": lambda p: "/checks/paper/route/",
    "inspections:paper_site": lambda p: f"/checks/paper/site/{p.city.sites['张家沟小区'].pk}/",
    "inspections:paper": lambda p: f"/checks/paper/{p.checks.token}/",
    "inspections:plates": lambda p: "/checks/plates/",
    "inspections:agreement": lambda p: "/checks/agreement/",
    "fieldwork:home": lambda p: "/field/",
    "fieldwork:worker": lambda p: "/field/sw.js",
    "fieldwork:manifest": lambda p: "/field/manifest.webmanifest",
    "fieldwork:pack": lambda p: "/field/pack",
    "fieldwork:held": lambda p: "/field/held",
    "fieldwork:import": lambda p: "/field/import",
    "scoring:score": lambda p: "/score/",
    "scoring:changes": lambda p: "/score/changes/",
    "scoring:changes_of": lambda p: "/score/changes/A3/",
    "scoring:why": lambda p: "/score/why/",
    "scoring:why_below": lambda p: f"/score/why/{p.checks.lost}/",
    "scoring:figures": lambda p: "/score/figures/",
    "scoring:compare": lambda p: "/score/compare/",
    "scoring:sheets": lambda p: "/score/sheets/",
    "scoring:forecast": lambda p: "/score/forecast/",
    "scoring:around": lambda p: "/score/around/",
    "scoring:fixing": lambda p: "/score/fixing/",
    "scoring:fixing_outlay": lambda p: "/score/fixing/outlay/?work=site:none",
}


def a_plan(p: Played, name: str = "open") -> str:
    """The id of a plan of the played city."""
    return str(p.checks.plans[name].pk)


def a_look_back(p: Played) -> str:
    """The id of a second look that waits."""
    assert p.checks.look_back is not None
    return str(p.checks.look_back.pk)


def a_ruling(p: Played) -> str:
    """The id of a ruling in force."""
    assert p.checks.ruling is not None
    return str(p.checks.ruling.pk)
