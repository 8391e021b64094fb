"""Django's i18n tags; a literal is translated when its template is compiled, which happens once per language.

Without `language`, which draws a part of a template in another.
"""

from django import template
from django.templatetags import i18n

from crm.web.design.template_loader import constant

register = template.Library()
register.tags = {name: tag for name, tag in i18n.register.tags.items() if name != "language"}
register.filters = i18n.register.filters
constant(register, "translate", "trans")
