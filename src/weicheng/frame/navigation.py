"""The menu: which pages stand in the rail and in the phone's bar, and which of them a user may see.

An item shows when its address exists and its view's declared audience admits the user, so the
menu never offers a page that would answer 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.frame.audience import admits, declared

Counter = Callable[[Any], int | None]
Condition = Callable[[Any], bool]
Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry of the menu; `roles` narrows the audience that the view already declares."""

    key: str
    url_name: str
    label: Words
    icon: str
    roles: frozenset[str] | None = None
    group: Words = ""
    rail: bool = True
    phone: bool = False
    phone_label: Words = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An item as one user sees it; `count` is None where nothing is counted."""

    key: str
    url: str
    label: Words
    phone_label: Words
    icon: str
    count: int | None
    is_on: bool


@dataclass
class Group:
    """A heading of the rail with its items; the first group has no heading."""

    name: Words
    items: list[Shown] = field(default_factory=list)


ITEMS: list[Item] = []
COUNTERS: dict[str, Counter] = {}
CONDITIONS: dict[str, Condition] = {}


def add(*items: Item) -> None:
    """Put items at the end of the menu; call from AppConfig.ready()."""
    ITEMS.extend(items)


def count(key: str, counter: Counter) -> None:
    """Give an item its figure: counter(user) -> number or None; must be one cheap look-up."""
    COUNTERS[key] = counter


def only(key: str, condition: Condition) -> None:
    """Offer an item to fewer than its view's audience: condition(user), without a query."""
    CONDITIONS[key] = condition


def _wanted(item: Item, user: Any, role: str) -> bool:
    if item.roles is not None and role not in item.roles:
        return False
    condition = CONDITIONS.get(item.key)
    return condition is None or condition(user)


def address(url_name: str, user: Any) -> str:
    """The item's address when it exists and admits the user, else an empty string."""
    url, audience = _known(url_name, settings.ROOT_URLCONF)
    return url if url and admits(audience, user) else ""


@cache
def _known(url_name: str, _addresses: str) -> tuple[str, frozenset[str]]:
    """The address of that name and who may open it; addresses never change while we run."""
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return "", frozenset()
    return url, declared(resolve(url).func)


def shown(user: Any, path: str) -> Iterator[tuple[Item, Shown]]:
    """Every item this user may open, in order, with its figure; the open page is marked."""
    role = str(getattr(user, "role", ""))
    open_items = [
        (item, url)
        for item in ITEMS
        if _wanted(item, user, role) and (url := address(item.url_name, user))
    ]
    here = max((url for _item, url in open_items if _is_under(path, url)), key=len, default="")
    for item, url in open_items:
        counter = COUNTERS.get(item.key)
        yield (
            item,
            Shown(
                key=item.key,
                url=url,
                label=item.label,
                phone_label=item.phone_label or item.label,
                icon=item.icon,
                count=counter(user) if counter else None,
                is_on=url == here,
            ),
        )


def rail(pairs: list[tuple[Item, Shown]]) -> list[Group]:
    """The rail's groups in order of their first item."""
    groups: dict[str, Group] = {}
    for item, entry in pairs:
        if item.rail:
            groups.setdefault(str(item.group), Group(item.group)).items.append(entry)
    return list(groups.values())


def phone_bar(pairs: list[tuple[Item, Shown]]) -> list[Shown]:
    """At most four entries for the thumb; the last place belongs to 我的."""
    chosen = [entry for item, entry in pairs if item.phone and item.key != "me"][:3]
    return chosen + [entry for item, entry in pairs if item.key == "me"]


HOMES = {
    "office": "workbench", "unit": "mine", "town": "mine", "community": "mine",
    "auditor": "problems", "admin": "standard", "security": "standard",
}  # fmt: skip


def home(user: Any) -> str:
    """The one page this role opens first: its own of HOMES, else the first of the menu."""
    role = str(getattr(user, "role", ""))
    first = HOMES.get(role, "")
    for item in sorted(ITEMS, key=lambda item: item.key != first):
        if not _wanted(item, user, role):
            continue
        if url := address(item.url_name, user):
            return url
    return "/me/"


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _item(key: str, url_name: str, label: Words, icon: str, **rest: Any) -> Item:
    return Item(key=key, url_name=url_name, label=label, icon=icon, **rest)


_OFFICE = frozenset({"office"})
_JUDGING = _("研判")
_CHECKS = _("检查")
_FEEDS = _("来件")
_RULES = _("依据")
_IN_THE_FIELD = frozenset({"office", "area", "town", "community"})
add(
    _item(
        "field", "fieldwork:home", _("现场"), "camera", phone=True, roles=frozenset({"inspector"})
    ),
    _item("today", "command:today", _("今日调度"), "today", phone=True, phone_label=_("今日")),
    _item("workbench", "command:workbench", _("工作台"), "inbox", phone=True, roles=_OFFICE),
    _item("mine", "problems:mine", _("本单位待办"), "task", phone=True, phone_label=_("待办")),
    _item(
        "new", "problems:new", _("上报"), "camera", phone=True, phone_label=_("＋拍"), rail=False
    ),
    _item("check", "problems:check", _("验收"), "shield", phone=True),
    _item("field_too", "fieldwork:home", _("现场"), "camera", roles=_IN_THE_FIELD),
    _item("my_duties", "command:my_duties", _("我的责任"), "flag"),
    _item("problems", "problems:list", _("问题"), "list", phone=True),
    _item("places", "places:index", _("点位"), "pin", phone=True),
    _item("orders", "orders:index", _("交办单"), "stamp"),
    _item("forecast", "scoring:forecast", _("能不能过"), "target", group=_JUDGING),
    _item("score", "scoring:score", _("模拟分"), "chart", group=_JUDGING),
    _item("fixing", "scoring:fixing", _("先补哪里"), "up", group=_JUDGING),
    _item("day_route", "inspections:route", _("今日路线"), "map", group=_CHECKS),
    _item("plans", "inspections:plans", _("检查计划"), "target", group=_CHECKS),
    _item("look_backs", "inspections:look_backs", _("回头看"), "eye", group=_CHECKS),
    _item("held", "fieldwork:held", _("手机待处理"), "phone", roles=_OFFICE, group=_CHECKS),
    _item("rulings", "inspections:rulings", _("口径库"), "book", group=_CHECKS),
    _item("leads", "intake:leads", _("线索池"), "filter", group=_FEEDS),
    _item("inbox", "intake:inbox", _("微信群收件箱"), "phone", group=_FEEDS),
    _item("import", "intake:import", _("导入"), "upload", group=_FEEDS),
    _item("complaints", "complaints:queue", _("投诉建议"), "inbox", group=_FEEDS),
    _item("standard", "standards:index", _("标准"), "book", group=_RULES),
    _item("duties", "duties:tree", _("责任分解"), "people", group=_RULES),
    _item("gaps", "duties:gaps", _("责任空档"), "alert", group=_RULES),
    _item("units", "command:units", _("单位"), "building", group=_RULES),
    _item("limits", "problems:limits", _("时限规则"), "clock", group=_RULES),
    _item("routes", "problems:routes", _("派单规则"), "right", group=_RULES),
    _item("calendar", "workdays:calendar", _("工作日历"), "calendar", group=_RULES),
    _item("channels", "notices:channels", _("消息通道"), "phone", group=_RULES),
    _item("me", "people:me", _("我的"), "user", phone=True, rail=False),
)
