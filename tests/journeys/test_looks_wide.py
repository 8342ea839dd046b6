"""Every page on a wide screen: no barrier, no error, nothing sticks out, no foreign word."""

from __future__ import annotations

import pytest

from tests.journeys.browser import WIDE, Office
from tests.journeys.looks import doors, looked
from tests.played import Played

pytestmark = pytest.mark.journey


def test_every_page_is_free_of_barriers_and_errors(lived: Played, office: Office) -> None:
    wrong = looked(lived, office, WIDE)
    assert not wrong, "\n".join(wrong)


def test_the_doors_are_free_of_barriers_too(lived: Played, office: Office) -> None:
    wrong = doors(lived, office, WIDE)
    assert not wrong, "\n".join(wrong)
