from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DONE = ("found", "none")


def search_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody kept when files came, which is no later than when they were searched; what was found did not know it, and is searched anew."""
    searches = apps.get_model("advisor", "UsageSearch").objects
    searches.update(uploaded_at=models.F("created_at"))
    done = searches.filter(state__in=DONE)
    apps.get_model("advisor", "JourneyPage").objects.filter(search__in=done).delete()
    done.update(state="waiting", said="waiting for its turn", percent=0, result=None, started_at=None, beat_at=None, ended_at=None)


class Migration(migrations.Migration):
    dependencies = [("advisor", "0022_usage_uploaded")]
    operations = [migrations.RunPython(search_again, migrations.RunPython.noop)]
