from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DONE = ("found", "none")


def search_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was found does not tell who reached the indicator before leaving: it is searched anew, and stands nowhere until then."""
    searches = apps.get_model("advisor", "UsageSearch").objects.filter(result__isnull=False)
    apps.get_model("advisor", "JourneyPage").objects.filter(search__in=searches).delete()
    searches.filter(state__in=DONE).update(
        state="waiting", said="waiting for its turn", percent=0, result=None, started_at=None, beat_at=None, ended_at=None
    )
    searches.update(result=None)


class Migration(migrations.Migration):
    dependencies = [("advisor", "0023_search_usage_by_its_day")]
    operations = [migrations.RunPython(search_again, migrations.RunPython.noop)]
