"""指挥: the desks of the office and the leaders; reads everything, changes nothing."""
