"""Apart from the others because its name stands without a namespace: everyone lands here after signing in."""

from django.urls import path

from classify.views import today

urlpatterns = [path("", today.today, name="today")]
