"""The chart of a view of the portfolio as a picture: by its address, with the query that the page has."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.charts.theme import Figure
from advisor.exports.picture import Picture
from advisor.forms.portfolio import CHARTS, PortfolioView, read_view
from advisor.models import Membership, StoredAdvice
from advisor.models.policy import policy_told
from advisor.models.portfolio import COMPANY, StoredAdviceQuerySet
from advisor.services.portfolio import bring_up_to_date
from advisor.views import access
from advisor.views.charts import png_response, sentence
from advisor.views.policy_note import drawn_for
from advisor.views.portfolio_chart import counts_of, on_chart, picture_of, workspaces_of
from advisor.views.portfolio_facets import workspace_choices


@require_safe
def portfolio_picture(request: HttpRequest) -> HttpResponse:
    """A script whose address cannot be read gets no other view for it: 400."""
    view = read_view(request.GET)
    if view.notices:
        return sentence("\n".join(view.notices), 400)
    try:
        wanted = Picture.from_query(request.GET)
    except ValueError as error:
        return sentence(str(error), 400)
    user = access.user_of(request)
    bring_up_to_date(user)
    found = StoredAdvice.objects.visible_to(user).one_a_segment().narrowed(view.search, view.chosen)
    response = png_response(request, figure_of(found, view, access.memberships(request), wanted), wanted)
    if response.status_code == 200:
        said = f"Exported the {CHARTS[view.chart].lower()} of a view of the portfolio as PNG."
        access.note_export(request, said, found.with_numbers().filter(on_chart(view)).companies())
    return response


def figure_of(found: StoredAdviceQuerySet, view: PortfolioView, memberships: Sequence[Membership], picture: Picture) -> Figure:
    """What the picture of these segments is drawn from, for somebody with these memberships."""
    shown = on_chart(view)
    of_numbers = {
        "companies": Count(COMPANY, distinct=True, filter=shown),
        "newest": Max("scenario__changed_at", filter=shown),
    }
    counts = counts_of(found, view, {}, of_numbers=of_numbers)
    workspaces = workspaces_of(found, memberships, counts)
    policy, remarks = drawn_for(workspaces, {membership.workspace_id for membership in memberships})
    by = list(dict.fromkeys(text for workspace in workspaces if workspace.policy == policy for text in policy_told(workspace)))
    return picture_of(found, view, counts, policy, remarks, assumptions=by, workspaces=workspace_choices(memberships), picture=picture)
