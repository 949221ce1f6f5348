"""Which answers are missing, stored with the advice. What was stored before is computed anew, since it lacks that."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_stored_advice(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """It is derived: whoever reads it next has it computed anew."""
    apps.get_model("advisor", "StoredAdvice").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("advisor", "0015_nothing_is_replaced")]

    operations = [
        migrations.AddField(
            model_name="storedadvice",
            name="missing_names",
            field=models.TextField(blank=True, default="", help_text="Which questions could still settle verdict or team, by commas."),
            preserve_default=False,
        ),
        migrations.RunPython(forget_stored_advice, migrations.RunPython.noop),
    ]
