import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advisor", "0021_search_usage_again")]
    operations = [
        migrations.AddField(
            model_name="usagesearch",
            name="uploaded_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
    ]
