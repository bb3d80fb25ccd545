from django import template

from classify.explanations.reasons import explanation_reason
from classify.reasons import Reason

register = template.Library()


@register.filter(name="explanation_reason")
def reason(code: str) -> Reason:
    return explanation_reason(code)
