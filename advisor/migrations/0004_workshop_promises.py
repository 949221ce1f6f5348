"""The database keeps a workshop's promises too: its code and its promise, reveals, what was said until they were, and a recorded decision.

A later migration may make one of these tables anew: gtmdesign/sqlite puts the triggers back.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STEP_STAYS = "What has been revealed stays revealed, and a step stays what it asks."
PERSON_STAYS = "A participant stays in their workshop."
REPLY_STAYS = "A reply stays whose it is, and what it is once its round has been revealed."
RECORD_STANDS = "A recorded decision stands."
ROOM_STAYS = "A workshop keeps its promise and its code."

SQLITE = (
    f"""CREATE TRIGGER workshop_keeps_its_promise BEFORE UPDATE ON advisor_workshop
    WHEN OLD.promise <> NEW.promise OR OLD.code <> NEW.code OR OLD.company_id <> NEW.company_id
    BEGIN SELECT RAISE(ABORT, '{ROOM_STAYS}'); END""",
    f"""CREATE TRIGGER workshop_step_stays_revealed BEFORE UPDATE ON advisor_workshopstep
    WHEN NEW.revealed < OLD.revealed OR NEW.workshop_id <> OLD.workshop_id OR NEW.scenario_id <> OLD.scenario_id OR NEW.topic <> OLD.topic
    BEGIN SELECT RAISE(ABORT, '{STEP_STAYS}'); END""",
    f"""CREATE TRIGGER participant_stays_in_the_room BEFORE UPDATE ON advisor_participant
    WHEN NEW.workshop_id <> OLD.workshop_id
    BEGIN SELECT RAISE(ABORT, '{PERSON_STAYS}'); END""",
    """CREATE TRIGGER reply_comes_before_the_reveal BEFORE INSERT ON advisor_reply
    WHEN EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = NEW.step_id AND revealed >= NEW.round)
    BEGIN SELECT RAISE(ABORT, 'This round has been revealed.'); END""",
    f"""CREATE TRIGGER reply_stands_after_the_reveal BEFORE UPDATE ON advisor_reply
    WHEN NEW.step_id <> OLD.step_id OR NEW.round <> OLD.round OR NEW.participant_id <> OLD.participant_id OR NEW.question <> OLD.question
    OR EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = OLD.step_id AND revealed >= OLD.round)
    BEGIN SELECT RAISE(ABORT, '{REPLY_STAYS}'); END""",
    f"""CREATE TRIGGER decision_stands_once_recorded BEFORE UPDATE ON advisor_decision
    WHEN OLD.recorded_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{RECORD_STANDS}'); END""",
)


def _refusing(name: str, condition: str, words: str) -> str:
    """A function of PostgreSQL for a trigger that refuses a row where the condition holds."""
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"""


REVEALED = "EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = {row}.step_id AND revealed >= {row}.round)"
POSTGRESQL = (
    _refusing(
        "advisor_workshop_keeps", "OLD.promise <> NEW.promise OR OLD.code <> NEW.code OR OLD.company_id <> NEW.company_id", ROOM_STAYS
    ),
    _refusing(
        "advisor_workshopstep_keeps",
        "NEW.revealed < OLD.revealed OR NEW.workshop_id <> OLD.workshop_id OR NEW.scenario_id <> OLD.scenario_id OR NEW.topic <> OLD.topic",
        STEP_STAYS,
    ),
    _refusing("advisor_participant_stays", "NEW.workshop_id <> OLD.workshop_id", PERSON_STAYS),
    _refusing("advisor_reply_comes", REVEALED.format(row="NEW"), "This round has been revealed."),
    _refusing(
        "advisor_reply_stays",
        "NEW.step_id <> OLD.step_id OR NEW.round <> OLD.round OR NEW.participant_id <> OLD.participant_id OR NEW.question <> OLD.question OR "
        + REVEALED.format(row="OLD"),
        REPLY_STAYS,
    ),
    _refusing("advisor_decision_stands", "OLD.recorded_at IS NOT NULL", RECORD_STANDS),
    "CREATE TRIGGER workshop_keeps_its_promise BEFORE UPDATE ON advisor_workshop FOR EACH ROW EXECUTE FUNCTION advisor_workshop_keeps()",
    "CREATE TRIGGER workshop_step_stays_revealed BEFORE UPDATE ON advisor_workshopstep "
    "FOR EACH ROW EXECUTE FUNCTION advisor_workshopstep_keeps()",
    "CREATE TRIGGER participant_stays_in_the_room BEFORE UPDATE ON advisor_participant "
    "FOR EACH ROW EXECUTE FUNCTION advisor_participant_stays()",
    "CREATE TRIGGER reply_comes_before_the_reveal BEFORE INSERT ON advisor_reply FOR EACH ROW EXECUTE FUNCTION advisor_reply_comes()",
    "CREATE TRIGGER reply_stands_after_the_reveal BEFORE UPDATE ON advisor_reply FOR EACH ROW EXECUTE FUNCTION advisor_reply_stays()",
    "CREATE TRIGGER decision_stands_once_recorded BEFORE UPDATE ON advisor_decision FOR EACH ROW EXECUTE FUNCTION advisor_decision_stands()",
)


def keep_promises(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


# (trigger, table, function of PostgreSQL)
MADE = (
    ("workshop_keeps_its_promise", "advisor_workshop", "advisor_workshop_keeps"),
    ("workshop_step_stays_revealed", "advisor_workshopstep", "advisor_workshopstep_keeps"),
    ("participant_stays_in_the_room", "advisor_participant", "advisor_participant_stays"),
    ("reply_comes_before_the_reveal", "advisor_reply", "advisor_reply_comes"),
    ("reply_stands_after_the_reveal", "advisor_reply", "advisor_reply_stays"),
    ("decision_stands_once_recorded", "advisor_decision", "advisor_decision_stands"),
)


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for trigger, table, function in MADE:
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {trigger}")
        elif vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {trigger} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {function}()")


class Migration(migrations.Migration):
    dependencies = [("advisor", "0003_workshops")]

    operations = [migrations.RunPython(keep_promises, let_go)]
