"""The machine room: the embedded PostgreSQL and the processes of one installation. No models."""
