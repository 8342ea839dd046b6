"""Every page on a phone: no barrier, no error, nothing sticks out, no foreign word."""

from __future__ import annotations

import pytest

from tests.journeys.browser import PHONE, Office
from tests.journeys.looks import doors, looked
from tests.played import Played

pytestmark = pytest.mark.journey


def test_every_page_is_free_of_barriers_and_errors(lived: Played, office: Office) -> None:
    wrong = looked(lived, office, PHONE)
    assert not wrong, "\n".join(wrong)


def test_the_doors_are_free_of_barriers_too(lived: Played, office: Office) -> None:
    wrong = doors(lived, office, PHONE)
    assert not wrong, "\n".join(wrong)
