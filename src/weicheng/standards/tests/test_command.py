"""`weicheng load standard`: loads the shipped content, and says in Chinese what is wrong."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from weicheng.cli.load_standard import standard
from weicheng.standards.models import Standard

pytestmark = pytest.mark.django_db


def test_without_a_file_the_shipped_edition_is_loaded() -> None:
    done = CliRunner().invoke(standard)
    assert done.exit_code == 0
    assert "装好了" in done.output
    assert Standard.objects.count() == 1


def test_a_wrong_file_is_named_and_loads_nothing() -> None:
    done = CliRunner().invoke(standard, ["/nowhere/none.yaml"])
    assert done.exit_code == 1
    assert "找不到文件“none.yaml”" in done.output
