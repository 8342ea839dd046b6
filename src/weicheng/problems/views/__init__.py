"""The screens of problems: list, card, acts, filing, one's own duties, and verification."""
