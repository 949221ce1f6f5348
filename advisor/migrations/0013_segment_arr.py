from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0012_policy_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='segment',
            name='arr',
            field=models.FloatField(blank=True, help_text='USD a year that its customers pay together.', null=True),
        ),
    ]
