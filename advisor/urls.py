"""Every address of the product."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from advisor.views import accounts, charts, company, company_file, comparison, details, history, removal, scenario, sources, theme, workshop

urlpatterns = [
    path("", company.home, name="home"),
    path("companies/new/", company.add_company, name="add-company"),
    path("companies/<int:pk>/", company.company, name="company"),
    path("companies/<int:pk>/details/", details.company_details, name="company-details"),
    path("companies/<int:pk>/delete/", removal.remove_company, name="remove-company"),
    path("companies/<int:pk>/charts/<slug:chart>.png", charts.company_png, name="company-png"),
    path("companies/<int:pk>/charts/<slug:chart>.json", charts.company_figure, name="company-figure"),
    path("scenarios/<int:pk>/", scenario.page, name="scenario"),
    path("scenarios/<int:pk>/answers/", scenario.save, name="answers"),
    path("scenarios/<int:pk>/changes/", scenario.live, name="live"),
    path("scenarios/<int:pk>/undo/", scenario.undo, name="undo"),
    path("scenarios/<int:pk>/duplicate/", scenario.duplicate, name="duplicate"),
    path("scenarios/<int:pk>/details/", details.scenario_details, name="scenario-details"),
    path("scenarios/<int:pk>/delete/", removal.remove_scenario, name="remove-scenario"),
    path("scenarios/<int:pk>/compare/", comparison.compare, name="compare"),
    path("scenarios/<int:pk>/history/", history.history, name="history"),
    path("scenarios/<int:pk>/charts/<slug:chart>.png", charts.scenario_png, name="scenario-png"),
    path("scenarios/<int:pk>/charts/<slug:chart>.json", charts.scenario_figure, name="scenario-figure"),
    path("scenarios/<int:pk>/workshop/", workshop.open_workshop, name="open-workshop"),
    path("workshops/<int:pk>/", workshop.workshop, name="workshop"),
    path("workshops/<int:pk>/move/", workshop.move, name="workshop-move"),
    path("workshops/<int:pk>/settle/", workshop.settle, name="workshop-settle"),
    path("workshops/<int:pk>/remove/", workshop.remove_participant, name="workshop-remove"),
    path("workshops/<int:pk>/place/", workshop.workshop_place, name="workshop-place"),
    path("join/", workshop.join, name="join"),
    path("w/<str:code>/", workshop.room, name="room"),
    path("w/<str:code>/answer/", workshop.room_answer, name="room-answer"),
    path("w/<str:code>/place/", workshop.room_place, name="room-place"),
    path("import/", company_file.upload, name="upload"),
    path("import/template.csv", company_file.template, name="upload-template"),
    path("theme/", theme.theme, name="theme"),
    path("sources/", sources.sources, name="sources"),
    path("sign-in/", login_not_required(LoginView.as_view(template_name="sign_in.html", redirect_authenticated_user=True)), name="login"),
    path("sign-in/<str:token>/", accounts.sign_in_by_link, name="sign-in-by-link"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
]
