"""The database keeps a workshop's promises too: its code and its promise, reveals, what was said until they were, and a recorded decision.

A later migration that makes one of these tables anew on SQLite loses its triggers: tests/services/test_workshop.py notices.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """CREATE TRIGGER workshop_keeps_its_promise BEFORE UPDATE ON advisor_workshop
    WHEN OLD.promise <> NEW.promise OR OLD.code <> NEW.code
    BEGIN SELECT RAISE(ABORT, 'A workshop keeps its promise and its code.'); END""",
    """CREATE TRIGGER workshop_step_stays_revealed BEFORE UPDATE ON advisor_workshopstep
    WHEN NEW.revealed < OLD.revealed
    BEGIN SELECT RAISE(ABORT, 'What has been revealed stays revealed.'); END""",
    """CREATE TRIGGER reply_comes_before_the_reveal BEFORE INSERT ON advisor_reply
    WHEN EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = NEW.step_id AND revealed >= NEW.round)
    BEGIN SELECT RAISE(ABORT, 'This round has been revealed.'); END""",
    """CREATE TRIGGER reply_stands_after_the_reveal BEFORE UPDATE ON advisor_reply
    WHEN EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = OLD.step_id AND revealed >= OLD.round)
    BEGIN SELECT RAISE(ABORT, 'This round has been revealed.'); END""",
    """CREATE TRIGGER decision_stands_once_recorded BEFORE UPDATE ON advisor_decision
    WHEN OLD.recorded_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'A recorded decision stands.'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION advisor_workshop_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.promise <> NEW.promise OR OLD.code <> NEW.code THEN
        RAISE EXCEPTION 'A workshop keeps its promise and its code.' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NEW; END $$""",
    """CREATE FUNCTION advisor_workshopstep_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.revealed < OLD.revealed THEN
        RAISE EXCEPTION 'What has been revealed stays revealed.' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NEW; END $$""",
    """CREATE FUNCTION advisor_reply_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM advisor_workshopstep WHERE id = NEW.step_id AND revealed >= NEW.round) THEN
        RAISE EXCEPTION 'This round has been revealed.' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NEW; END $$""",
    """CREATE FUNCTION advisor_decision_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.recorded_at IS NOT NULL THEN
        RAISE EXCEPTION 'A recorded decision stands.' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NEW; END $$""",
    "CREATE TRIGGER workshop_keeps_its_promise BEFORE UPDATE ON advisor_workshop FOR EACH ROW EXECUTE FUNCTION advisor_workshop_keeps()",
    "CREATE TRIGGER workshop_step_stays_revealed BEFORE UPDATE ON advisor_workshopstep "
    "FOR EACH ROW EXECUTE FUNCTION advisor_workshopstep_keeps()",
    "CREATE TRIGGER reply_comes_before_the_reveal BEFORE INSERT OR UPDATE ON advisor_reply "
    "FOR EACH ROW EXECUTE FUNCTION advisor_reply_keeps()",
    "CREATE TRIGGER decision_stands_once_recorded BEFORE UPDATE ON advisor_decision FOR EACH ROW EXECUTE FUNCTION advisor_decision_stands()",
)


def keep_promises(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("advisor", "0003_workshops")]

    operations = [migrations.RunPython(keep_promises, migrations.RunPython.noop)]
