-- Each change of an avatar has a number, and so has each beginning of a session:
-- the events of an earlier one are told apart from those of the present one.
ALTER TABLE avatars ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
-- Who is there, by process: what a process that is no more has left is taken away.
CREATE TABLE processes (
  process_id TEXT PRIMARY KEY,
  seen_at BIGINT NOT NULL
);
CREATE TABLE presence (
  connection_id TEXT PRIMARY KEY,
  process_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  client_id TEXT NOT NULL
);
CREATE INDEX presence_by_session ON presence (session_id, client_id);
-- Messages between processes that are too long for a notification.
CREATE TABLE long_messages (
  message_id TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
