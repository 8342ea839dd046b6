"""Which kind of problem a text speaks of, or where outside the campaign it belongs."""
