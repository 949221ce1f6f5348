from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DONE = ("found", "none")


def search_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was found does not tell who reached the indicator before leaving: it is searched anew."""
    searches = apps.get_model("advisor", "UsageSearch").objects.filter(state__in=DONE)
    apps.get_model("advisor", "JourneyPage").objects.filter(search__in=searches).delete()
    searches.update(
        state="waiting", said="waiting for its turn", percent=0, result=None, started_at=None, beat_at=None, ended_at=None
    )


class Migration(migrations.Migration):
    dependencies = [("advisor", "0021_search_usage_again")]
    operations = [migrations.RunPython(search_again, migrations.RunPython.noop)]
