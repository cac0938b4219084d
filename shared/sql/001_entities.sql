-- The stored entities. Written in the SQL that SQLite and PostgreSQL share:
-- times are milliseconds since 1970 (UTC), objects are JSON texts.
CREATE TABLE avatars (
  avatar_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  traits TEXT NOT NULL,
  model_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY,
  avatar_id TEXT NOT NULL REFERENCES avatars ON DELETE CASCADE,
  metadata TEXT NOT NULL,
  state TEXT NOT NULL,
  last_seq BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX sessions_by_avatar ON sessions (avatar_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
-- What happened in a session, for those who reconnect. The two ids are the
-- sender's: an operation is applied once, however often it is sent.
CREATE TABLE session_events (
  session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  seq BIGINT NOT NULL,
  client_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  event TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (session_id, seq)
);
CREATE UNIQUE INDEX session_events_once ON session_events (session_id, client_id, operation_id);
CREATE TABLE presets (
  preset_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  category TEXT NOT NULL,
  preset_values TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE renders (
  frame_id TEXT PRIMARY KEY,
  avatar_id TEXT NOT NULL REFERENCES avatars ON DELETE CASCADE,
  prompt TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  format TEXT NOT NULL,
  file_path TEXT NOT NULL,
  file_size BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  request_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX renders_by_avatar ON renders (avatar_id, created_at);
CREATE INDEX renders_by_time ON renders (created_at);
CREATE INDEX renders_by_request ON renders (request_hash);
CREATE TABLE audios (
  audio_id TEXT PRIMARY KEY,
  avatar_id TEXT NOT NULL REFERENCES avatars ON DELETE CASCADE,
  text TEXT NOT NULL,
  voice_id TEXT NOT NULL,
  duration_ms BIGINT NOT NULL,
  sample_rate BIGINT NOT NULL,
  file_path TEXT NOT NULL,
  file_size BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX audios_by_avatar ON audios (avatar_id, created_at);
CREATE INDEX audios_by_time ON audios (created_at);
CREATE TABLE phonemes (
  audio_id TEXT NOT NULL REFERENCES audios ON DELETE CASCADE,
  position BIGINT NOT NULL,
  phoneme TEXT NOT NULL,
  ipa TEXT NOT NULL,
  start_ms BIGINT NOT NULL,
  end_ms BIGINT NOT NULL,
  viseme TEXT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (audio_id, position)
);
CREATE TABLE assets (
  asset_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  asset_type TEXT NOT NULL,
  label TEXT NOT NULL,
  file_path TEXT NOT NULL,
  file_size BIGINT NOT NULL,
  checksum TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  metadata TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (name, version)
);
CREATE INDEX assets_by_checksum ON assets (checksum);
-- Ids handed out before their content came; `received` bytes lie in a part file.
CREATE TABLE reservations (
  asset_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE config (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  description TEXT NOT NULL
);
INSERT INTO presets VALUES
  ('default', 'default', 'A friendly, neutral face', 'built-in', '{"emotion":"neutral","intensity":0.5}', 0),
  ('casual', 'casual', 'Relaxed, with a light smile', 'built-in', '{"emotion":"happy","intensity":0.4}', 0);
