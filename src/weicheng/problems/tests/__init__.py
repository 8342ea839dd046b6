"""Tests of the life of a problem."""
