"""Events are never changed or deleted, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION problems_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events of a problem are never changed or deleted';
END $$;
CREATE TRIGGER problems_event_append_only BEFORE UPDATE OR DELETE ON problems_event
    FOR EACH ROW EXECUTE FUNCTION problems_event_is_append_only();
"""
BACKWARD = """
DROP TRIGGER problems_event_append_only ON problems_event;
DROP FUNCTION problems_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("problems", "0001_problems_and_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
