from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DONE = ("found", "none")


def search_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was found was not of all customers that were due, and leavers stood for those whose contract still ran: it is searched anew."""
    searches = apps.get_model("advisor", "UsageSearch").objects.filter(state__in=DONE)
    apps.get_model("advisor", "JourneyPage").objects.filter(search__in=searches).delete()
    searches.update(
        state="waiting", said="waiting for its turn", percent=0, result=None, started_at=None, beat_at=None, ended_at=None
    )


class Migration(migrations.Migration):
    dependencies = [("advisor", "0020_usage_search_runs")]
    operations = [migrations.RunPython(search_again, migrations.RunPython.noop)]
