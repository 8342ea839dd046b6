"""Tags of command pages."""
