"""The tables of scoring."""
