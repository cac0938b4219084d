-- Which database this is, and which folders it has claimed: folders are marked with
-- its id, so that no other database's sweep takes their files for nobody's.
CREATE TABLE instance (
  only_row BIGINT PRIMARY KEY,
  database_id TEXT NOT NULL
);
CREATE TABLE claimed_folders (
  kind TEXT PRIMARY KEY,
  claimed_at BIGINT NOT NULL
);
