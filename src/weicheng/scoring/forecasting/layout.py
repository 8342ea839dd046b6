"""Every (site, check) pair that an assessor may meet: its weight in points and what was last seen.

Linear roll-up: a failed check c at a drawn site s of type t costs
``P_i * q_t / sum(q over the types that carry i) / n_t * d_c / D_{s,i}`` milli.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .district import OWN, Bools, District, Floats, Ints, summed

NOTHING, PASSED, FAILED = 0, 1, 2
MOST = 500  #: parameters


@dataclass(frozen=True)
class Layout:
    """Pairs in order of type, site, check; S pool sites, M pairs, G groups of like sites, E cells.

    A group is (type, area, cluster); a cell is a group and a check: sites of one group have the
    same pooled rate.
    """

    sites: Ints  #: (S,) index into the district
    site_type: Ints  #: (S,)
    site_cluster: Ints  #: (S,)
    cluster_place: Ints  #: (clusters + 1,) number of the cluster's parameter, -1 none
    place: Ints  #: (N,) position in ``sites``, -1 outside the pool
    site_group: Ints  #: (S,)
    group_type: Ints  #: (G,)
    group_area: Ints  #: (G,)
    group_cluster: Ints  #: (G,) number of the cluster's parameter, -1 none
    group_first: Ints  #: (G,) first cell
    cell_group: Ints  #: (E,)
    cell_check: Ints  #: (E,)
    rank: Ints  #: (C,) position of a check within its type
    first: Ints  #: (S,) first pair of a site
    pair_place: Ints  #: (M,) position of the site in ``sites``
    pair_check: Ints  #: (M,)
    pair_cell: Ints  #: (M,)
    weight: Floats  #: (M,) milli lost if every site of the type failed it: n_t times one failure
    state: Ints  #: (M,) NOTHING, PASSED, FAILED
    absent: Bools  #: (M,) 不涉及 when last seen
    by_own: Bools  #: (M,) the district's own people looked last, or verified the repair
    age: Floats  #: (M,) days since the state was last sure, inf if it never was
    taken: Ints  #: (T,) min(quota, pool)
    unassessed: int  #: milli of items that no pool site carries
    points: Floats  #: (aspects,) milli that can be reached on site


def lay_out(district: District) -> Layout:
    """The pairs of a district; time and memory grow with sites x checks per type."""
    sites = np.flatnonzero(district.in_pool)
    sites = sites[np.argsort(district.site_type[sites], kind="stable")]
    kinds = district.site_type[sites]
    place = np.full(len(district.site_type), -1)
    place[sites] = np.arange(len(sites))
    by_type = np.argsort(district.check_type, kind="stable")
    per_type = np.bincount(district.check_type, minlength=district.types)
    begins = np.cumsum(per_type) - per_type
    rank = np.empty(len(by_type), np.int64)
    rank[by_type] = np.arange(len(by_type)) - begins[district.check_type[by_type]]

    groups = _groups(district, sites, per_type, begins, by_type)
    count = per_type[kinds]
    first = np.cumsum(count) - count
    pair_place = np.repeat(np.arange(len(sites)), count)
    nth = np.arange(count.sum()) - first[pair_place]
    pair_check = by_type[begins[kinds[pair_place]] + nth]
    state, own, age, absent = _last_seen(district, place, first, rank, len(pair_check))
    taken = np.minimum(district.quota, np.bincount(kinds, minlength=district.types))
    weight, unassessed, points = _weights(district, taken, pair_place, pair_check, absent)
    cell = groups["group_first"][groups["site_group"][pair_place]] + nth
    return Layout(
        sites=sites, site_type=kinds, place=place, rank=rank, first=first, pair_place=pair_place,
        pair_check=pair_check, pair_cell=cell, weight=weight, absent=absent, by_own=own, age=age,
        state=np.where(absent, NOTHING, state), taken=taken, unassessed=unassessed, points=points,
        **groups,
    )  # fmt: skip


def _groups(
    district: District, sites: Ints, per_type: Ints, begins: Ints, by_type: Ints
) -> dict[str, Any]:
    """The fields of the layout that tell groups and cells."""
    site_cluster = district.site_cluster[sites]
    cluster_place = _kept_clusters(district, site_cluster)
    lane = np.where(site_cluster >= 0, cluster_place[site_cluster], -1)
    clusters = int(cluster_place.max()) + 2
    heads = (district.site_type[sites] * district.areas + district.site_area[sites]) * clusters
    heads, site_group = np.unique(heads + lane + 1, return_inverse=True)
    towns, group_cluster = np.divmod(heads, clusters)
    group_type, group_area = np.divmod(towns, district.areas)
    cells = per_type[group_type]
    group_first = np.cumsum(cells) - cells
    cell_group = np.repeat(np.arange(len(cells)), cells)
    inside = np.arange(cells.sum()) - group_first[cell_group]
    return {
        "site_cluster": site_cluster, "cluster_place": cluster_place, "site_group": site_group,
        "group_type": group_type, "group_area": group_area, "group_cluster": group_cluster - 1,
        "group_first": group_first, "cell_group": cell_group,
        "cell_check": by_type[begins[group_type[cell_group]] + inside],
    }  # fmt: skip


def _kept_clusters(district: District, site_cluster: Ints) -> Ints:
    """The largest clusters have a parameter of their own, as far as 500 parameters go."""
    fixed = 9 + district.aspects + district.areas + district.types + len(district.check_type)
    sizes = np.bincount(site_cluster + 1, minlength=int(district.site_cluster.max()) + 2)[1:]
    many = max(0, min(MOST - fixed, int((sizes > 1).sum())))
    kept = np.sort(np.argsort(-sizes, kind="stable")[:many])
    found = np.full(len(sizes) + 1, -1)
    found[kept] = np.arange(len(kept))
    return found


def pair_of(district: District, layout: Layout, sites: Ints, checks: Ints) -> Ints:
    """(n,) the pairs of given sites and checks, -1 where the site is outside the pool."""
    place = layout.place[np.asarray(sites, np.int64)]
    found = layout.first[np.maximum(place, 0)] + layout.rank[np.asarray(checks, np.int64)]
    return np.where(place >= 0, found, -1)


def _last_seen(
    district: District, place: Ints, first: Ints, rank: Ints, pairs: int
) -> tuple[Ints, Bools, Floats, Bools]:
    """What is known last of each pair; of the same day, the later row counts."""
    kept = place[district.seen_site] >= 0
    order = np.flatnonzero(kept)[np.argsort(-district.seen_since[kept], kind="stable")]
    at = first[place[district.seen_site[order]]] + rank[district.seen_check[order]]
    state, age = np.zeros(pairs, np.int64), np.full(pairs, np.inf)
    own, absent = np.ones(pairs, bool), np.zeros(pairs, bool)
    bad = district.seen_failed[order] & ~district.seen_repaired[order]
    state[at] = np.where(bad, FAILED, PASSED)
    age[at] = district.seen_since[order]
    own[at] = (district.seen_source[order] == OWN) | district.seen_repaired[order]
    absent[at] = district.seen_na[order]
    return state, own, age, absent


def _weights(
    district: District, taken: Ints, pair_place: Ints, pair_check: Ints, absent: Bools
) -> tuple[Floats, int, Floats]:
    """Milli of each pair; 不涉及 leaves the denominator of its site."""
    items = len(district.item_points)
    carried = np.zeros((district.types, items), bool)
    carried[district.check_type, district.check_item] = True
    share = np.where(carried & (taken > 0)[:, None], district.quota[:, None], 0).astype(float)
    rests = share.sum(0)
    share *= district.item_points / np.where(rests > 0, rests, 1)
    unassessed = int(district.item_points[rests == 0].sum())
    points = summed(district.item_aspect, district.item_points * (rests > 0), district.aspects)
    na = _na_rate(district)
    deduct = district.check_deduct[pair_check].astype(float)
    looked = _looked(district, pair_place, pair_check, absent)
    deduct *= np.where(looked, ~absent, 1 - na[pair_check])
    key = pair_place * items + district.check_item[pair_check]
    keys, at = np.unique(key, return_inverse=True)
    whole = np.bincount(at, deduct, minlength=len(keys))
    full = np.bincount(at, district.check_deduct[pair_check], minlength=len(keys))
    # All of an item 不涉及: the site leaves the item's mean; the pooled rate stands in for it.
    gone = whole[at] <= 0
    part = np.where(
        gone, district.check_deduct[pair_check] / full[at], deduct / np.where(gone, 1, whole[at])
    )
    weight = share[district.check_type[pair_check], key % items] * part
    return np.asarray(weight, np.float64), unassessed, points


def _looked(district: District, pair_place: Ints, pair_check: Ints, absent: Bools) -> Bools:
    """Pairs of sites where 不涉及 is known: those that were visited and have one."""
    has = np.zeros(int(pair_place.max()) + 1, bool)
    has[pair_place[absent]] = True
    return has[pair_place]


def _na_rate(district: District) -> Floats:
    """(C,) share of looks that found a check 不涉及, drawn towards 0."""
    n = len(district.check_type)
    seen = np.bincount(district.seen_check[~district.seen_reported], minlength=n)
    absent = np.bincount(district.seen_check, district.seen_na, minlength=n)
    return np.minimum(absent / (seen + 4.0), 0.95)
