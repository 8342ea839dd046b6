"""Complaints and their answers are never changed or deleted, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION complaints_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'complaints and their answers are never changed or deleted';
END $$;
CREATE TRIGGER complaints_complaint_append_only BEFORE UPDATE OR DELETE ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_are_append_only();
CREATE TRIGGER complaints_reply_append_only BEFORE UPDATE OR DELETE ON complaints_reply
    FOR EACH ROW EXECUTE FUNCTION complaints_are_append_only();
"""
BACKWARD = """
DROP TRIGGER complaints_complaint_append_only ON complaints_complaint;
DROP TRIGGER complaints_reply_append_only ON complaints_reply;
DROP FUNCTION complaints_are_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_queue")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
