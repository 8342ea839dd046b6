"""Tests of the weicheng command."""
