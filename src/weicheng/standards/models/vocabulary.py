"""The closed word lists of the catalogues, each value with its Chinese label."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Certainty(TextChoices):
    """How sure we are of a figure or a wording."""

    CONFIRMED = "confirmed", _("已核实")
    RECALLED = "recalled", _("凭记忆，待核")
    DEFAULT = "default", _("默认值")


class Whose(TextChoices):
    """Who answers for an item when a district takes part in its city's campaign."""

    CITY = "city", _("市级")
    DISTRICT = "district", _("区级")
    SHARED = "shared", _("共担")


class Level(TextChoices):
    """Who set a threshold."""

    NATIONAL = "national", _("国家")
    PROVINCIAL = "provincial", _("省级")
    LOCAL = "local", _("本地")


class CitySize(TextChoices):
    """Size class of the built-up area's population; quotas of sites depend on it."""

    SMALL = "small", _("50万人以下")
    MEDIUM = "medium", _("50万至200万人")
    LARGE = "large", _("200万人以上")


class Severity(TextChoices):
    """How grave a finding is."""

    MINOR = "minor", _("轻微")
    NORMAL = "normal", _("一般")
    SERIOUS = "serious", _("较重")
    KEY = "key", _("关键")


class Tag(TextChoices):
    """干干净净、整齐有序、证照齐全: the three top filters."""

    CLEAN = "净", _("干干净净")
    ORDER = "序", _("整齐有序")
    PAPERS = "证", _("证照齐全")


class QuantityUnit(TextChoices):
    """What a problem is counted in."""

    PLACE = "place", _("处")
    METRE = "metre", _("米")
    HOUSEHOLD = "household", _("户")
    TON = "ton", _("吨")
    SEAT = "seat", _("座")
    VEHICLE = "vehicle", _("辆")
    PIECE = "piece", _("个")
    SQUARE_METRE = "square_metre", _("平方米")
    SHOP = "shop", _("家")


class Haste(TextChoices):
    """Class of haste a kind asks for."""

    IMMEDIATE = "immediate", _("立行立改")
    LIMITED = "limited", _("限时整改")
    DATED = "dated", _("限期整改")
    LONG = "long", _("长期推进")


class Verification(TextChoices):
    """How a fix is verified."""

    PICTURE = "picture", _("图核")
    ONSITE = "onsite", _("现场复核")
    ABOVE = "above", _("上级验收")


class ObligationSort(TextChoices):
    """Whether an obligation holds the closing or follows it."""

    HOLDING = "holding", _("销号前必办")
    AFTER = "after", _("后续事项")


class ObligationParty(TextChoices):
    """Who is asked to settle a follow-up obligation."""

    LEAD = "lead", _("责任单位")
    BUREAU = "bureau", _("行业主管")
    TOWN = "town", _("属地镇街")
    OPERATOR = "operator", _("运营商")
    POLICE = "police", _("公安部门")


class Proof(TextChoices):
    """What proves a fix."""

    BEFORE = "before", _("整改前照片")
    AFTER = "after", _("整改后照片")
    NEAR = "near", _("近景照片")
    FAR = "far", _("远景照片")
    PAPER = "paper", _("证照或记录照片")
