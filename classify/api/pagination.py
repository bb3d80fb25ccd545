from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        """More than the most is cut to it; what is no number is an error, not silently the usual size."""
        asked = request.query_params.get("page_size", str(self.page_size))
        if not asked.isascii() or not asked.isdigit() or int(asked[:9]) < 1:
            raise ValidationError({"page_size": [_("A whole number from 1 to 200 is expected.")]})
        return min(int(asked[:9]), self.max_page_size)

    def get_page_number(self, request: Request, paginator: object) -> str:
        asked = request.query_params.get("page", "1")
        if not asked.isascii() or not asked.isdigit() or int(asked[:9]) < 1:
            raise ValidationError({"page": [_("A whole number from 1 is expected.")]})
        return asked[:9]
