"""Which parameters there are (at most 500), their prior, and which of them each cell depends on.

On the logit scale, failure of check c at a site of type t, area a, cluster k seen by source o::

    eta = mu + key + type[t] + check[c] + area[a] + cluster[k] + trend * (-age / 90 days)
          + (o outside: strict + aspect[c] + source[o])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from .district import OUTSIDE, OWN, UNDERCOVER, District, Floats, Ints
from .layout import Layout

#: The parts of the width, in the order in which variance is attributed.
STRICTNESS, AGEING, CLUSTERS, AREAS, RATES, UNVISITED = range(6)
PARTS: Final = ("strictness", "ageing", "clusters", "areas", "rates", "unvisited")
TREND_DAYS: Final = 90.0


@dataclass(frozen=True)
class Prior:
    """What is held before the first visit; logits, days. Spreads are learnt from there.

    ``*_sd`` of types, checks, areas and clusters are scales worth ``weight`` observations each.
    """

    rate: float = -2.0
    rate_sd: float = 0.8
    key: float = -0.5
    key_sd: float = 0.6
    type_sd: float = 0.5
    check_sd: float = 0.7
    area_sd: float = 0.35
    cluster_sd: float = 0.6
    weight: float = 4.0
    strict: float = 0.5
    strict_sd: float = 0.28
    aspect_sd: float = 0.05
    source_sd: float = 0.03
    team_sd: float = 0.02
    trend_sd: float = 0.13
    shock_sd: float = 0.03
    persistence: float = 1.0  #: logit of the chance that today's look is repeated by the next
    persistence_sd: float = 0.6
    half_life: float = 60.0  #: days in which half of a look's own information is gone
    rate_half_life: float = 240.0  #: days in which a look counts half for the pooled rates


@dataclass(frozen=True)
class Columns:
    """Where each parameter stands; P in all. Rows order: the parts of the width in turn."""

    strict: int
    aspect: int  #: first of ``aspects``
    source: int  #: undercover, outside
    team: int
    trend: int
    shock: int
    persistence: int
    cluster: int
    area: int
    base: int
    key: int
    type: int
    check: int
    size: int
    part: Ints  #: (P,) STRICTNESS … UNVISITED


def columns(district: District, layout: Layout, seen: Ints) -> Columns:
    """The parameters of a district; ``seen`` (C,) looks per check."""
    checks, types = len(district.check_type), district.types
    lanes = int(layout.cluster_place.max()) + 1
    source = 1 + district.aspects
    cluster = source + 6
    area = cluster + lanes
    base = area + district.areas
    size = base + 2 + types + checks
    part = np.empty(size, np.int64)
    part[: source + 3], part[source + 3 : cluster] = STRICTNESS, AGEING
    part[cluster:area], part[area:base], part[base:] = CLUSTERS, AREAS, RATES
    part[base + 2 + types :][seen == 0] = UNVISITED
    part[base + 2 : base + 2 + types][np.bincount(district.check_type, seen, types) == 0] = (
        UNVISITED
    )
    return Columns(
        0,
        1,
        source,
        source + 2,
        source + 3,
        source + 4,
        source + 5,
        cluster,
        area,
        base,
        base + 1,
        base + 2,
        base + 2 + types,
        size,
        part,
    )


def precision(district: District, c: Columns, prior: Prior) -> tuple[Floats, Floats]:
    """(P,) prior means and (P,) prior standard deviations."""
    mean, sd = np.zeros(c.size), np.empty(c.size)
    sd[c.strict], mean[c.strict] = prior.strict_sd, prior.strict
    sd[c.aspect : c.source] = prior.aspect_sd
    sd[c.source : c.team], sd[c.team] = prior.source_sd, prior.team_sd
    sd[c.trend], sd[c.shock] = prior.trend_sd, prior.shock_sd
    sd[c.persistence], mean[c.persistence] = prior.persistence_sd, prior.persistence
    sd[c.cluster : c.area], sd[c.area : c.base] = prior.cluster_sd, prior.area_sd
    sd[c.base], mean[c.base] = prior.rate_sd, prior.rate
    sd[c.key], mean[c.key] = prior.key_sd, prior.key
    sd[c.type : c.check], sd[c.check :] = prior.type_sd, prior.check_sd
    return mean, sd


def cell_rows(district: District, layout: Layout, c: Columns) -> tuple[Ints, Floats]:
    """(E, 6) columns and values of the pooled rate of each cell, as own people see it today."""
    check, group = layout.cell_check, layout.cell_group
    key = district.check_key[check]
    cluster = layout.group_cluster[group]
    has = cluster >= 0
    at = np.stack(
        [
            np.full(len(check), c.base),
            np.full(len(check), c.key),
            c.type + layout.group_type[group],
            c.check + check,
            c.area + layout.group_area[group],
            np.where(has, c.cluster + cluster, 0),
        ],
        axis=1,
    )
    value = np.ones(at.shape)
    value[:, 1], value[:, 5] = key, has
    return at, value


def look_rows(
    rows: tuple[Ints, Floats], c: Columns, aspect: Ints, source: Ints, age: Floats
) -> tuple[Ints, Floats]:
    """(n, 10) columns and values of looks: the cells' rows with who looked and how long ago."""
    n, out = len(source), source != OWN
    more = np.stack(
        [
            np.full(n, c.strict),
            c.aspect + aspect,
            np.where(source == OUTSIDE, c.source + 1, c.source),
            np.full(n, c.trend),
        ],
        axis=1,
    )
    worth = np.stack([out, out, out, -age / TREND_DAYS], axis=1).astype(float)
    return np.concatenate([rows[0], more], axis=1), np.concatenate([rows[1], worth], axis=1)


__all__ = ["OUTSIDE", "OWN", "PARTS", "UNDERCOVER", "Columns", "Prior"]
