"""Tags of the problem pages."""
