"""Shares, and the audit log: the database refuses to change an entry, and to delete one whose workspace stands."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STAYS = "EXISTS (SELECT 1 FROM advisor_workspace WHERE id = OLD.workspace_id)"
# (trigger, what it comes before or after, table, on which condition it refuses, what it does otherwise)
TRIGGERS = (
    ("audit_entry_never_changes", "BEFORE UPDATE", "advisor_auditentry", "TRUE", ""),
    ("audit_entry_stays", "BEFORE DELETE", "advisor_auditentry", STAYS, ""),
    ("workspace_takes_its_audit", "AFTER DELETE", "advisor_workspace", "", "DELETE FROM advisor_auditentry WHERE workspace_id = OLD.id;"),
)
REFUSAL = "An entry of the audit log stays as it is."


def keep_the_log(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, moment, table, refused_if, does in TRIGGERS:
        if schema_editor.connection.vendor == "sqlite":
            body = f"WHEN {refused_if} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END" if refused_if else f"BEGIN {does} END"
            schema_editor.execute(f"CREATE TRIGGER {name} {moment} ON {table} {body}")
        elif schema_editor.connection.vendor == "postgresql":
            refuse = f"IF {refused_if} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD;"
            body = refuse if refused_if else f"{does} RETURN NULL;"
            schema_editor.execute(f"CREATE FUNCTION advisor_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
            schema_editor.execute(f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION advisor_{name}()")


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, _, table, *_ in TRIGGERS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        elif schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION advisor_{name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0009_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='share_code',
            field=models.CharField(blank=True, help_text='By which companies share.', max_length=24, null=True, unique=True),
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('saw', 'Saw'), ('changed', 'Changed'), ('shared', 'Shared'), ('exported', 'Exported'), ('access', 'Let in or out')], max_length=20)),
                ('said', models.CharField(help_text='What was done, in words.', max_length=500)),
                ('company_key', models.BigIntegerField(db_index=True, null=True)),
                ('company_name', models.CharField(blank=True, max_length=120)),
                ('who', models.CharField(blank=True, help_text='Their name and address then; empty for the command line.', max_length=400)),
                ('address', models.CharField(blank=True, help_text='The network address that it was done from.', max_length=45)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='advisor.workspace')),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['workspace', '-id'], name='audit_of_workspace')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('advice', 'Advice only'), ('everything', 'Everything')], max_length=20)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='advisor.company')),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('portfolio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='advisor.workspace')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('company', 'portfolio'), name='share_once')],
            },
        ),
        migrations.RunPython(keep_the_log, let_go),
    ]
