-- Work that goes on after its request is answered, and what came of it. It is done by
-- the process that holds its lease; a lease that ran out is of a process that is no more.
CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  idempotency_key TEXT,
  request_digest TEXT NOT NULL,
  operation TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  process_id TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  frames_done BIGINT NOT NULL,
  frames_expected BIGINT NOT NULL,
  status BIGINT NOT NULL,
  reply TEXT NOT NULL,
  error_name TEXT NOT NULL,
  files TEXT NOT NULL,
  webhook_url TEXT NOT NULL,
  webhook_state TEXT NOT NULL,
  webhook_attempts BIGINT NOT NULL,
  webhook_not_before BIGINT NOT NULL,
  webhook_error TEXT NOT NULL,
  sees_all BIGINT NOT NULL
);
CREATE UNIQUE INDEX jobs_once ON jobs (owner, idempotency_key);
CREATE INDEX jobs_by_time ON jobs (created_at, job_id);
CREATE INDEX jobs_by_state ON jobs (state, not_before);
CREATE INDEX jobs_by_webhook ON jobs (webhook_state, webhook_not_before);
-- Renders that were not asked for the longest go first; that they were there is known
-- for a while.
ALTER TABLE renders ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
UPDATE renders SET used_at = created_at;
CREATE INDEX renders_by_use ON renders (used_at);
CREATE INDEX renders_by_file ON renders (file_path);
CREATE TABLE gone_renders (
  file_path TEXT PRIMARY KEY,
  gone_at BIGINT NOT NULL
);
