"""The forms of the acts: one for each, all with who acted, when, and an operation id."""

from weicheng.problems.forms.acts import FORMS, form_of
from weicheng.problems.forms.base import ActForm

__all__ = ["FORMS", "ActForm", "form_of"]
