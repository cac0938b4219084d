-- How often what is kept of an avatar was changed: `version` counts what was told of it
-- too, which changes nothing.
ALTER TABLE avatars ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
