"""Tests of reading: every file is made here, small and fictional."""
