"""Checks of sites: plans and draws, visits and what they found, second looks, rulings."""
