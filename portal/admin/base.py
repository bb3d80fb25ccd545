"""Admin pages that show and never write, of rows that the actor may see."""

from typing import Any

from django.contrib.admin import ModelAdmin, RelatedOnlyFieldListFilter, ShowFacets
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import models
from django.http import Http404, HttpRequest

from portal.accounts.permissions import Permission

# Rows of the hospital have one gate; a model without it can't be listed.
VISIBLE = "visible_to"


class ReadOnlyAdmin(ModelAdmin):
    """A list and a page for reading. Nothing can be added, edited or deleted here.

    ``permission`` says who sees it at all; every queryset starts at ``visible_to(request.actor)``, so that another
    hospital's row is a 404 and never a choice in a filter.
    """

    permission: Permission = Permission.READINGS_WRITE
    actions = None
    list_per_page = 50
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    list_display_links: Any = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        ordering = self.get_ordering(request)
        queryset = getattr(self.model._default_manager, VISIBLE)(request.actor)  # type: ignore[attr-defined]
        return queryset.order_by(*ordering) if ordering else queryset

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """A filter over a relation offers what the visible rows point to, never the whole other table."""
        return [self._filter_of_visible(name) for name in super().get_list_filter(request)]

    def _filter_of_visible(self, name: Any) -> Any:
        if isinstance(name, str) and "__" not in name and self.opts.get_field(name).is_relation:
            return (name, RelatedOnlyFieldListFilter)
        return name

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """A chooser offers what the actor may see of the other model; a model without a gate offers nothing."""
        manager = db_field.remote_field.model._default_manager
        gate = getattr(manager, VISIBLE, None)
        return gate(request.actor) if gate else manager.none()  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._ids_only(super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._ids_only(super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        entries = super().log_deletions(request, queryset)
        return [self._ids_only(entry) for entry in entries]

    @staticmethod
    def _ids_only(entry: LogEntry) -> LogEntry:
        entry.object_repr = str(entry.object_id)
        entry.change_message = ""  # it names values of fields
        entry.save(update_fields=["object_repr", "change_message"])
        return entry

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
