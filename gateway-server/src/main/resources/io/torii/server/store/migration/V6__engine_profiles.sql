-- Which of its cluster's profiles an engine was made by; empty for the cluster's own.
ALTER TABLE engine ADD COLUMN profile VARCHAR(64) DEFAULT '' NOT NULL;
