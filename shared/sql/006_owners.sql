-- Whose each thing is: the name of the key that made it. Empty: everybody's, as all was
-- before.
ALTER TABLE avatars ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE presets ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE renders ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE audios ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE reservations ADD COLUMN owner TEXT NOT NULL DEFAULT '';
CREATE INDEX avatars_by_owner ON avatars (owner);
CREATE INDEX sessions_by_owner ON sessions (owner);
CREATE INDEX presets_by_owner ON presets (owner);
CREATE INDEX renders_by_owner ON renders (owner, created_at);
CREATE INDEX audios_by_owner ON audios (owner, created_at);
CREATE INDEX reservations_by_owner ON reservations (owner);
-- The versions of a name are counted for each owner, which no ALTER TABLE of both systems
-- says of a table that there is.
CREATE TABLE owned_assets (
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
  owner TEXT NOT NULL,
  UNIQUE (owner, name, version)
);
INSERT INTO owned_assets SELECT asset_id, name, asset_type, label, file_path, file_size, checksum, mime_type, metadata, version, created_at, '' FROM assets;
DROP TABLE assets;
ALTER TABLE owned_assets RENAME TO assets;
CREATE INDEX assets_by_checksum ON assets (checksum);
CREATE INDEX assets_by_file ON assets (file_path);
CREATE INDEX assets_by_name ON assets (name, version);
