"""Where a segment stood a year ago, stored with the advice. What was stored before is computed anew, since it lacks that."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_stored_advice(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """It is derived: whoever reads it next has it computed anew."""
    apps.get_model("advisor", "StoredAdvice").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0013_segment_arr'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedadvice',
            name='has_moved',
            field=models.BooleanField(default=False, help_text='ACV or motion was answered a year ago, and is another now.'),
        ),
        migrations.AddField(
            model_name='storedadvice',
            name='past_acv',
            field=models.FloatField(help_text='A year ago; empty where it was not answered then.', null=True),
        ),
        migrations.AddField(
            model_name='storedadvice',
            name='past_motion',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='storedadvice',
            name='past_until',
            field=models.DateTimeField(help_text='From when on a year ago is told otherwise; empty: never.', null=True),
        ),
        migrations.AddField(
            model_name='storedadvice',
            name='past_zone',
            field=models.CharField(blank=True, help_text='By the thresholds of now.', max_length=32),
        ),
        migrations.RunPython(forget_stored_advice, migrations.RunPython.noop),
    ]
