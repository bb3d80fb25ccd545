"""How patients' data are put into words."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def age(birth_date: date) -> str:
    return age_in_words(birth_date, timezone.localdate())


def age_in_words(birth_date: date, today: date) -> str:
    """Years; months below two years and days below one month, as it is said of small children."""
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month - (today.day < birth_date.day)
    if months < 1:
        days = (today - birth_date).days
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if months < 24:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
