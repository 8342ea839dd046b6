"""The demo district: enough of everything, nothing real, no gap in its map."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from weicheng.demo.district import district
from weicheng.demo.geometry import geojson, geometry, to_degrees
from weicheng.demo.sites import plan_sites

TYPES = [(key, key) for key in ("market", "estate", "back_lane", "small_rest", "toilet", "novelty")]


def test_the_district_has_five_towns_thirty_communities_and_a_hundred_and_ten_units() -> None:
    plan = district()
    assert [town.letters for town in plan.towns()] == ["HY", "SQ", "FH", "LJ", "DH"]
    assert len(plan.communities()) == 30
    assert len(plan.units) >= 110
    assert len(plan.of_kind("sponsor")) == 40
    assert len(plan.demonstration) == 16


def test_codes_are_of_six_nine_and_twelve_digits_and_hang_together() -> None:
    for region in district().regions:
        assert len(region.code) == {"town": 9, "community": 12}.get(region.level, 6)
        assert region.code.startswith("99")  # no such province
        if region.level in {"town", "community"}:
            assert region.code.startswith(region.parent)


def test_every_unit_has_a_head_and_a_contact_and_nobody_is_real() -> None:
    persons = district().persons()
    assert all(unit.head and unit.contact for unit in district().units)
    assert all("×" in person.name and person.phone.startswith("154") for person in persons)
    assert len({person.key for person in persons}) == len(persons)
    assert len({person.phone for person in persons}) == len(persons)


def test_most_of_the_office_is_seconded_from_units_of_the_district() -> None:
    known = {unit.key for unit in district().units}
    staff = list(district().unit("创卫办").persons())
    assert len(staff) == 10
    assert all(person.home in known for person in staff)


def test_every_role_has_an_account_and_every_account_a_person_but_the_administrators() -> None:
    keys = {person.key for person in district().persons()}
    for account in district().accounts:
        blind = account.role in {"admin", "security"}
        assert (account.person in keys) is not blind
    roles = Counter(account.role for account in district().accounts)
    assert len(roles) == 11


def test_the_communities_cover_the_district_without_gap_or_overlap() -> None:
    shape = geometry()
    cells = [shape.regions[region.code] for region in district().communities()]
    assert all(cell.is_valid for cell in cells)
    assert abs(sum(cell.area for cell in cells) - shape.outline.area) < 1
    assert max(a.intersection(b).area for a, b in combinations(cells, 2)) < 1
    assert len(shape.blocks()) > 60


def test_degrees_have_longitude_first_in_geojson_and_close_the_ring() -> None:
    ring = geojson(geometry().outline)["coordinates"][0]
    assert ring[0] == ring[-1]
    assert 112 < ring[0][0] < 113 and 32 < ring[0][1] < 33
    assert to_degrees(0, 0) == (32.61, 112.42)


def test_sites_are_the_same_each_time_and_lie_in_their_community() -> None:
    first, again = plan_sites(TYPES), plan_sites(TYPES)
    assert first == again
    counts = Counter(site.site_type for site in first)
    assert counts["small_rest"] == 520
    assert counts["novelty"] == 3  # a type that the data file does not know
    assert len({(s.region, s.site_type, s.name) for s in first}) == len(first)
    assert {s.built_up for s in first} == {"inside", "outside", "undecided"}


def test_the_sixteen_demonstration_places_are_among_the_sites() -> None:
    tagged = [site.name for site in plan_sites(TYPES) if site.tag]
    assert sorted(tagged) == sorted(name for name, _, _ in district().demonstration)
    assert "张家沟小区" in tagged
