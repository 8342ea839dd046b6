"""The addresses of evidence alone, for its own tests."""

from django.urls import include, path

urlpatterns = [path("evidence/", include("weicheng.evidence.urls"))]
