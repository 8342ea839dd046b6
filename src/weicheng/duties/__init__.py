"""Who answers for which clause at which place, from when to when, and by which rule."""
