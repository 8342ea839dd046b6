"""交办: the papers and texts that leave the office."""
