"""The measured claims: each figure of the product beside its floor, in one run on one machine."""
