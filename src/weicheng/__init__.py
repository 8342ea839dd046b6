"""卫城 Weicheng: a sanitary-city campaign run as one closed loop."""

__version__ = "0.1.0"
