-- A line that is not needed any more, since a later one undoes it; its text is gone, its statement remembered.
ALTER TABLE session_journal ADD COLUMN superseded BOOLEAN DEFAULT FALSE NOT NULL;
