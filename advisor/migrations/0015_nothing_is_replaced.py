"""What stays is not replaced either: on SQLite `INSERT OR REPLACE` and `UPDATE OR REPLACE` delete the rows in their way and ask no trigger of
deletes, so these statements passed by what migrations 0004, 0005, 0010 and 0012 keep.

Here a row with the key of another is refused before SQLite looks for a conflict; without REPLACE the database refuses it all the same. PostgreSQL
has no REPLACE: what its upserts change, the triggers of updates see. A later migration may make one of these tables anew: gtmdesign/sqlite
puts the triggers back.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# (table, what no two of its rows share besides the key: each by its columns, of a row that is named in front)
ONCE = (
    ("auditentry", ()),
    ("policyversion", (("{}workspace_id", "{}number"),)),
    ("workshop", (("{}code",), ("{}screen_key",), ("{}readout_key",))),
    ("participant", (("{}workshop_id", "LOWER({}name)"),)),
    ("workshopstep", (("{}workshop_id", '{}"order"'), ("{}workshop_id", "{}scenario_id", "{}topic"))),
    # An answer is given anew until the reveal, by an upsert, which passes here; afterwards migration 0004 refuses it.
    ("reply", ()),
    ("decision", (("{}workshop_id", "{}scenario_id"),)),
)
REFUSAL = "It is there already, and is not replaced."


def _triggers() -> dict[str, str]:
    """The statements by the names of their triggers."""
    made = {}
    for table, once in ONCE:
        same = [" AND ".join(f"{column.format('')} = {column.format('NEW.')}" for column in columns) for columns in (("{}id",), *once)]
        for act, others in (("insert", ""), ("update", "id <> OLD.id AND ")):
            made[f"{table}_is_not_replaced_by_{act}"] = (
                f"BEFORE {act.upper()} ON advisor_{table} WHEN EXISTS (SELECT 1 FROM advisor_{table} WHERE {others}({' OR '.join(same)})) "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    return made


def refuse_replacements(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name, statement in _triggers().items():
            schema_editor.execute(f"CREATE TRIGGER {name} {statement}")


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in _triggers():
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("advisor", "0014_a_year_ago")]

    operations = [migrations.RunPython(refuse_replacements, let_go)]
