"""The floors: what bare Django and bare SQL cost on the same machine behind the same middleware."""
