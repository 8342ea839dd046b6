"""The tables of standards: editions, items, site types, checks, problem kinds, codes."""

from __future__ import annotations

from .edition import Aspect, Indicator, Item, Part, Sheet, Standard
from .kinds import CodeSet, KindCode, ProblemKind
from .revision import Revision
from .shelf import Shelf
from .site_types import Check, Quota, SiteType
from .vocabulary import (
    Certainty,
    CitySize,
    Haste,
    Level,
    ObligationParty,
    ObligationSort,
    Proof,
    QuantityUnit,
    Severity,
    Tag,
    Verification,
    Whose,
)

__all__ = [
    "Aspect",
    "Certainty",
    "Check",
    "CitySize",
    "CodeSet",
    "Haste",
    "Indicator",
    "Item",
    "KindCode",
    "Level",
    "ObligationParty",
    "ObligationSort",
    "Part",
    "ProblemKind",
    "Proof",
    "QuantityUnit",
    "Quota",
    "Revision",
    "Severity",
    "Sheet",
    "Shelf",
    "SiteType",
    "Standard",
    "Tag",
    "Verification",
    "Whose",
]
