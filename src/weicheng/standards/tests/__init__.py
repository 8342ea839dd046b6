"""Tests of standards: loading, editing, proposing kinds, pages."""
