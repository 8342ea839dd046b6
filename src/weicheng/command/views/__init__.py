"""The screens of command: workbench, today, search, sites and units with their problems."""
