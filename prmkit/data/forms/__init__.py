"""Forms that people fill in by hand: one YAML file a form, from which the sheet is made and by which its answers come back."""

from prmkit.data.forms.form import FORMS, Form, Option, Question, Scale
from prmkit.data.forms.unfold import unfold

__all__ = ["FORMS", "Form", "Option", "Question", "Scale", "unfold"]
