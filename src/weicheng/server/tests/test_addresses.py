"""Under which names the server answers."""

from __future__ import annotations

import socket

from weicheng.server import addresses


def test_a_server_for_this_machine_answers_to_this_machine_only() -> None:
    assert addresses.allowed("127.0.0.1") == ["127.0.0.1", "localhost", "[::1]"]


def test_a_server_for_the_office_answers_to_every_address_of_the_machine() -> None:
    allowed = addresses.allowed("0.0.0.0")
    assert set(addresses.of_this_machine()) <= set(allowed)
    assert "*" not in allowed


def test_a_named_address_is_answered_to() -> None:
    assert "10.1.2.3" in addresses.allowed("10.1.2.3")


def test_a_port_in_use_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert not addresses.is_free("127.0.0.1", taken.getsockname()[1])
