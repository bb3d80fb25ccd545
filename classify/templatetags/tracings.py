from django import template

from classify.tracings.words import source_words

register = template.Library()
register.filter("source_words", source_words)
