"""What has been revealed and what was recorded go only with what they are of: a reply with its step, a step and a decision with the
scenario or the workshop.

Whoever deletes deletes those, and the database takes along what hangs on them: so it knows that a row goes because its parent is gone,
and refuses every other delete. A later migration may make one of these tables anew: gtmdesign/sqlite puts the triggers back.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REVEALED = "EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = OLD.step_id AND revealed >= OLD.round)"
BOTH_PARENTS_STAND = (
    "EXISTS (SELECT 1 FROM advisor_workshop WHERE id = OLD.workshop_id) AND EXISTS (SELECT 1 FROM advisor_scenario WHERE id = OLD.scenario_id)"
)
# (trigger, table, when a delete is refused, why)
REFUSED = (
    ("reply_stays_once_revealed", "advisor_reply", REVEALED, "A reply stays once its round has been revealed."),
    (
        "workshop_step_stays_once_revealed",
        "advisor_workshopstep",
        f"OLD.revealed > 0 AND {BOTH_PARENTS_STAND}",
        "A step stays once something of it has been revealed.",
    ),
    (
        "decision_stays_once_recorded",
        "advisor_decision",
        f"OLD.recorded_at IS NOT NULL AND {BOTH_PARENTS_STAND}",
        "A recorded decision stays.",
    ),
)
# (trigger, table, what goes with a row of it)
TAKEN_ALONG = (
    (
        "workshop_step_takes_its_replies",
        "advisor_workshopstep",
        "UPDATE advisor_workshop SET step_id = NULL WHERE step_id = OLD.id; DELETE FROM advisor_reply WHERE step_id = OLD.id;",
    ),
    (
        "workshop_takes_its_steps",
        "advisor_workshop",
        "DELETE FROM advisor_workshopstep WHERE workshop_id = OLD.id; DELETE FROM advisor_decision WHERE workshop_id = OLD.id;",
    ),
    (
        "scenario_takes_its_steps",
        "advisor_scenario",
        "DELETE FROM advisor_workshopstep WHERE scenario_id = OLD.id; DELETE FROM advisor_decision WHERE scenario_id = OLD.id;",
    ),
)


def _sqlite() -> list[str]:
    return [
        *(
            f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
            for name, table, condition, words in REFUSED
        ),
        *(f"CREATE TRIGGER {name} AFTER DELETE ON {table} BEGIN {statements} END" for name, table, statements in TAKEN_ALONG),
    ]


def _postgresql() -> list[str]:
    refusing = "IF {} THEN RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD;"
    bodies = {name: refusing.format(condition, words) for name, _, condition, words in REFUSED}
    bodies |= {name: f"{statements} RETURN NULL;" for name, _, statements in TAKEN_ALONG}
    functions = [f"CREATE FUNCTION advisor_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$" for name, body in bodies.items()]
    at = {**{name: ("BEFORE", table) for name, table, *_ in REFUSED}, **{name: ("AFTER", table) for name, table, _ in TAKEN_ALONG}}
    triggers = [
        f"CREATE TRIGGER {name} {moment} DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION advisor_{name}()" for name, (moment, table) in at.items()
    ]
    return functions + triggers


def keep_what_was_said(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}.get(schema_editor.connection.vendor, list)():
        schema_editor.execute(statement)


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take back the triggers of this migration, and no other."""
    vendor = schema_editor.connection.vendor
    for name, table in ((name, table) for name, table, *_ in (*REFUSED, *TAKEN_ALONG)):
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        elif vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION advisor_{name}()")


class Migration(migrations.Migration):
    dependencies = [("advisor", "0004_workshop_promises")]

    operations = [
        *(
            migrations.AlterField(
                model_name=model,
                name=field,
                field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name=back, to=f"advisor.{to}"),
            )
            for model, field, back, to in (
                ("workshopstep", "workshop", "steps", "workshop"),
                ("workshopstep", "scenario", "+", "scenario"),
                ("reply", "step", "+", "workshopstep"),
                ("reply", "participant", "+", "participant"),
                ("decision", "workshop", "decisions", "workshop"),
                ("decision", "scenario", "decisions", "scenario"),
            )
        ),
        migrations.RunPython(keep_what_was_said, let_go),
    ]
