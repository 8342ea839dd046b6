"""Plates with a QR: printed by the list of sites, opening the field program at their site."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.district import District, sign_in
from tests.inspecting import site, with_sheets

from weicheng.inspections.paper_sheets import qr_of
from weicheng.places.models import Site

pytestmark = pytest.mark.django_db
PAGE = "/checks/plates/"


def test_the_plates_are_those_of_the_list_with_its_filters(
    client: Client, district: District
) -> None:
    with_sheets(district)
    toilet = site(district, "红叶公厕", "toilet")
    Site.objects.filter(pk=toilet.pk).update(external_id="DW-0031")
    sign_in(client, district.office)
    every = client.get(PAGE).content.decode()
    assert "红叶公厕" in every and "张家沟小区" in every
    one = client.get(PAGE + "?type=toilet").content.decode()
    assert "红叶公厕" in one and "编号 DW-0031" in one and "张家沟小区" not in one
    assert qr_of(f"http://testserver/field/?site={toilet.pk}") in one
    assert one == client.get(f"{PAGE}?site={toilet.pk}").content.decode()
    assert f"{PAGE}?type=toilet" in client.get("/places/?type=toilet").content.decode()
    assert f"{PAGE}?site={toilet.pk}" in client.get(f"/places/{toilet.pk}/").content.decode()


def test_sites_of_others_have_no_plates_here(client: Client, district: District) -> None:
    place = district.sites["张家沟小区"]
    sign_in(client, district.users["临江创卫办"])
    assert "张家沟小区" not in client.get(PAGE).content.decode()
    for wrong in (place.pk, "nonsense"):
        assert client.get(f"{PAGE}?site={wrong}").status_code == 404
