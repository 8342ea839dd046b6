"""The loop on both screens: office, unit clerk, verifier; sent back, undone; the other district."""

from __future__ import annotations

import pytest

from tests.district import District, dispatched, filed, handed_in
from tests.journeys.browser import PHONE, WIDE, Office
from weicheng.problems.models import Problem

pytestmark = pytest.mark.journey


def test_probe(city: District, office: Office) -> None:
    for n in range(3):
        filed(city)
    dispatched(city)
    handed_in(city)
    clerk = office.clerk(city.office)
    clerk.goes_to("/workbench/")
    clerk.page.screenshot(path="/tmp/shots/probe.png")
    print(clerk.complaints, clerk.wider(), clerk.english(), clerk.barriers())
