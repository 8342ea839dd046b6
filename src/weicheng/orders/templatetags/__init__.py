"""Tags of the papers."""
