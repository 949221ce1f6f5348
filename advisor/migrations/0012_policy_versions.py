"""Policy versions, none of which is changed later: they go only with their workspace. What was stored of advice is computed anew, since it
lacks what a preview reads.
"""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STANDS = "A policy version stands: a change is a new version."
STAYS = "A policy version stays as long as its workspace."
KEPT = ("id", "workspace_id", "number", "thresholds", "reason", "at")
CHANGED = " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in KEPT)
# Only that its author is forgotten.
REFUSED = f"{CHANGED} OR (NEW.author_id IS NOT NULL AND OLD.author_id {{differs}} NEW.author_id)"
WORKSPACE_STANDS = "EXISTS (SELECT 1 FROM advisor_workspace WHERE id = OLD.workspace_id)"

SQLITE = (
    f"CREATE TRIGGER policy_version_stands BEFORE UPDATE ON advisor_policyversion WHEN {REFUSED.format(differs='IS NOT')} "
    f"BEGIN SELECT RAISE(ABORT, '{STANDS}'); END",
    f"CREATE TRIGGER policy_version_stays BEFORE DELETE ON advisor_policyversion WHEN {WORKSPACE_STANDS} "
    f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END",
    "CREATE TRIGGER workspace_takes_its_policy AFTER DELETE ON advisor_workspace "
    "BEGIN DELETE FROM advisor_policyversion WHERE workspace_id = OLD.id; END",
)


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION advisor_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


REFUSING = "IF {} THEN RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {};"
POSTGRESQL = (
    _function("policy_version_stands", REFUSING.format(REFUSED.format(differs="IS DISTINCT FROM"), STANDS, "NEW")),
    _function("policy_version_stays", REFUSING.format(WORKSPACE_STANDS, STAYS, "OLD")),
    _function("workspace_takes_its_policy", "DELETE FROM advisor_policyversion WHERE workspace_id = OLD.id; RETURN NULL;"),
    "CREATE TRIGGER policy_version_stands BEFORE UPDATE ON advisor_policyversion FOR EACH ROW EXECUTE FUNCTION advisor_policy_version_stands()",
    "CREATE TRIGGER policy_version_stays BEFORE DELETE ON advisor_policyversion FOR EACH ROW EXECUTE FUNCTION advisor_policy_version_stays()",
    "CREATE TRIGGER workspace_takes_its_policy AFTER DELETE ON advisor_workspace "
    "FOR EACH ROW EXECUTE FUNCTION advisor_workspace_takes_its_policy()",
)
MADE = (
    ("policy_version_stands", "advisor_policyversion"),
    ("policy_version_stays", "advisor_policyversion"),
    ("workspace_takes_its_policy", "advisor_workspace"),
)


def keep_versions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for trigger, table in MADE:
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {trigger}")
        elif vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {trigger} ON {table}")
            schema_editor.execute(f"DROP FUNCTION advisor_{trigger}()")


def forget_stored_advice(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """It is derived: whoever reads it next has it computed anew, with the columns that it lacked."""
    apps.get_model("advisor", "StoredAdvice").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0011_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedadvice',
            name='answers',
            field=models.JSONField(default=dict, help_text='Those present from which the measures follow, by name, in stored units.'),
        ),
        migrations.AddField(
            model_name='storedadvice',
            name='potential',
            field=models.FloatField(null=True),
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='1, 2, and so on in each workspace.')),
                ('thresholds', models.JSONField(default=dict, help_text="Those that are not the default's, by name, in the framework's units.")),
                ('reason', models.CharField(help_text='Why it was changed.', max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='policy_versions', to='advisor.workspace')),
            ],
            options={
                'ordering': ('-number',),
            },
        ),
        migrations.AddField(
            model_name='storedadvice',
            name='policy_version',
            field=models.ForeignKey(db_index=False, help_text='By which it was computed; empty: the default.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='advisor.policyversion'),
        ),
        migrations.AddField(
            model_name='workspace',
            name='policy_version',
            field=models.ForeignKey(blank=True, help_text='The newest, which is in force; empty: the default.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='advisor.policyversion'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.UniqueConstraint(fields=('workspace', 'number'), name='policy_version_number_unique'),
        ),
        migrations.RunPython(forget_stored_advice, migrations.RunPython.noop),
        migrations.RunPython(keep_versions, let_go),
    ]
