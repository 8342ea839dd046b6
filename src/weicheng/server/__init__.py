"""值守: the embedded PostgreSQL and the processes of one installation."""
