from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.models import Token, User

admin.site.unregister(Group)  # roles do this work


@admin.register(User)
class PeopleAdmin(UserAdmin):
    list_display = ["username", "first_name", "last_name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "role", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    # /settings/people/ changes role and activity, and checks
    readonly_fields = ["role", "is_active", "last_login", "date_joined"]
    add_fieldsets = [(None, {"fields": ["username", "usable_password", "password1", "password2"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(deleted_at=None)

    def save_model(self, request, obj, form, change) -> None:
        if "email" in form.changed_data:
            obj.oidc_digest = None  # as in services.change_person
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # trash.people does, with all that is theirs


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    list_display = ["name", "user", "hint", "scope", "created_at", "used_at", "expires_at"]
    list_filter = ["scope"]
    fields = readonly_fields = ["user", "name", "hint", "scope", "created_at", "used_at", "expires_at"]

    def has_add_permission(self, request) -> bool:
        return False
