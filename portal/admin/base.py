"""Admin pages that show and never write, of rows that the actor may see."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import models
from django.http import Http404, HttpRequest

from portal.accounts.permissions import Permission

# Rows of the hospital have one gate; a model without it can't be listed.
VISIBLE = "visible_to"


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[type-arg]
    """A list and a page for reading. Nothing can be added, edited or deleted here.

    ``permission`` says who sees it at all; every queryset starts at ``visible_to(request.actor)``, so that another
    hospital's row is a 404 and never a choice in a filter.
    """

    permission: Permission = Permission.READINGS_WRITE
    actions = None
    list_per_page = 50
    show_facets = False
    show_full_result_count = False
    list_display_links: Any = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        ordering = self.get_ordering(request)
        queryset = getattr(self.model._default_manager, VISIBLE)(request.actor)  # type: ignore[attr-defined]
        return queryset.order_by(*ordering) if ordering else queryset

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.may(self.permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if IS_POPUP_VAR in request.GET:
            raise Http404
        return super().changelist_view(request, extra_context)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404  # invisible means 404, not a redirect that says so
