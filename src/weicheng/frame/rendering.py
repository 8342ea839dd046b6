"""How Django draws a form: the box of errors first, then each field with label, hint and error."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormPattern(TemplatesSetting):
    """`{{ form }}` and `{{ form.x.as_field_group }}` follow the pattern of the look."""

    form_template_name = "frame/form.html"
    field_template_name = "frame/field.html"
