"""Rules of who is proposed, and what became of them, in sentences a clerk reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people.directory import directory
from weicheng.problems import catalogue
from weicheng.problems.models import RouteRule
from weicheng.problems.routing import OFFICE, OPERATORS, By, Proposed, Verdict, rules
from weicheng.problems.words import Part, Severity, Source
from weicheng.standards.models import SiteType

if TYPE_CHECKING:
    from uuid import UUID

WHO: dict[str, Promise] = {
    By.DUTY: _("责任分解里的牵头单位"),
    By.BUREAU: _("行业主管"),
    By.TERRITORY: _("属地镇街"),
    By.COMMUNITY: _("社区"),
    By.SPONSOR: _("包保单位"),
    OPERATORS: _("各运营商"),
    OFFICE: _("创卫办兜底"),
}
#: How the lead was found, said beside its name.
FOUND: dict[str, Promise] = {
    By.DUTY: _("责任分解写的就是它"),
    By.BUREAU: _("这类问题的行业主管"),
    By.TERRITORY: _("问题所在的镇街"),
    By.COMMUNITY: _("问题所在的社区"),
    By.SPONSOR: _("这个点位的包保单位"),
    By.UNIT: _("规则里指定的单位"),
    OFFICE: _("找不到别的责任单位，由创卫办兜底"),
}
PARTS: dict[str, Promise] = {
    Part.RESPONSIBLE: _("责任单位"),
    Part.SUPPORT: _("配合单位"),
}
_TESTS: dict[str, Promise] = {
    "kind": _("类别是“%(name)s”"),
    "group": _("归组是“%(name)s”"),
    "item": _("标准条目是“%(name)s”"),
    "severity": _("轻重是“%(name)s”"),
    "source": _("来源是“%(name)s”"),
    "site_type": _("点位是“%(name)s”"),
    "site_tag": _("点位标着“%(name)s”"),
    "region": _("在%(name)s"),
}
_LOST: dict[str, Promise] = {
    "kind": _("只管“%(asked)s”，这件是“%(given)s”"),
    "group": _("只管“%(asked)s”一组，这件属于“%(given)s”"),
    "item": _("只管标准条目“%(asked)s”的类别"),
    "severity": _("只管“%(asked)s”的，这件是“%(given)s”"),
    "source": _("只管来源是“%(asked)s”的，这件是“%(given)s”"),
    "site_type": _("只管点位是“%(asked)s”的"),
    "site_tag": _("只管标着“%(asked)s”的点位"),
    "region": _("只管%(asked)s，这件在%(given)s"),
    "later": _("也合适，但前面的“%(asked)s”已经用上了"),
}


def tests_of(rule: RouteRule) -> list[str]:
    """The tests of a row, each as a few words; none means it fits everything."""
    asked = (
        ("kind", rule.kind_id), ("group", rule.group_zh), ("item", rule.item_key),
        ("severity", rule.severity), ("source", rule.source), ("site_type", rule.site_type_key),
        ("site_tag", rule.site_tag), ("region", rule.region_id),
    )  # fmt: skip
    return [str(_TESTS[t]) % {"name": _named(t, value)} for t, value in asked if value]


def when(rule: RouteRule) -> str:
    """When a row fits."""
    tests = tests_of(rule)
    return gettext("，").join(tests) if tests else gettext("不论什么问题")


def then(rule: RouteRule) -> str:
    """Whom a row proposes."""
    lead = str(rule.lead_unit) if rule.lead_by == By.UNIT else str(WHO[rule.lead_by])
    said = [gettext("牵头：%(who)s") % {"who": lead}]
    for part, who in pairs_of(rule):
        said.append(f"{PARTS[part]}{gettext('：')}{WHO[who]}")
    if rule.verifier:
        said.append(gettext("验收：%(who)s") % {"who": rule.get_verifier_display()})
    return gettext("；").join(said)


def pairs_of(rule: RouteRule) -> list[tuple[str, str]]:
    """Part and who, of the units beside the lead."""
    pairs = [str(text).split(":", 1) for text in rule.others_by]
    return [(part, who) for part, who in pairs if part in PARTS and who in WHO]


def lost(verdict: Verdict) -> str:
    """The one test at which a row lost."""
    if verdict.won:
        return gettext("用的是这一行")
    test = verdict.lost
    named = {
        name: value if test == "later" else _named(test, value)
        for name, value in verdict.params.items()
    }
    return str(_LOST[test]) % named


def found_by(offer: Proposed) -> str:
    """How the lead was found."""
    if offer.asked in {"", offer.by} or offer.asked not in WHO:
        return str(FOUND.get(offer.by, ""))
    missing = {"asked": WHO[offer.asked], "found": FOUND.get(offer.by, "")}
    return gettext("%(asked)s没有写到这里；%(found)s") % missing


def rule_now(offer: Proposed) -> RouteRule | None:
    """The row behind a proposal as it stands now, where it still does."""
    return next((r for r in rules() if str(r.pk) == offer.rule_key), None)


def _named(test: str, value: Any) -> str:
    if test == "region":
        return _region(value)
    names: dict[str, Any] = {
        "kind": catalogue.name, "severity": lambda v: Severity(v).label,
        "source": lambda v: Source(v).label, "site_type": site_type, "group": group,
    }  # fmt: skip
    return str(names[test](value)) if test in names else str(value)


def _region(key: UUID) -> str:
    region = directory().regions.get(key)
    return region.name if region is not None else ""


def site_type(key: str) -> str:
    """The name of a type of site."""
    found = SiteType.objects.filter(pk=key).first() if key else None
    return str(found) if found is not None else gettext("没有点位")


def group(name_zh: str) -> str:
    """A group of kinds in the reader's language."""
    if not (get_language() or "").startswith("en"):
        return name_zh
    kinds = catalogue.kinds().values()
    return next((k.group_en for k in kinds if k.group_zh == name_zh), name_zh)
