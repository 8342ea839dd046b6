"""点位: the campaign and where it happens: regions and sites."""
