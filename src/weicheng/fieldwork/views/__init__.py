"""The screens and endpoints of the field program."""
