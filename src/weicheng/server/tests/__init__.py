"""Tests of the machine room, against a real PostgreSQL."""
