"""The shop's routes: metrics carry these patterns, never the raw paths."""

from django.urls import path

from shop import views

urlpatterns = [
    path("products/<int:number>/", views.product),
    path("checkout/", views.checkout),
    path("report/", views.report),
    path("broken/", views.broken),
    path("hanging/", views.hanging),
    path("slow/", views.slow),
]
