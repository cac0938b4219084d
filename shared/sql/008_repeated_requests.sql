-- Requests with an Idempotency-Key: what the ids of what they make come from, so that
-- making it twice makes it once, and what was answered (empty until then, or too long).
CREATE TABLE requests (
  owner TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  digest TEXT NOT NULL,
  seed TEXT NOT NULL,
  body_digest TEXT NOT NULL,
  reply TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner, idempotency_key)
);
CREATE INDEX requests_by_time ON requests (created_at);
-- Jobs had keys of their own before.
DROP INDEX jobs_once;
ALTER TABLE jobs DROP COLUMN idempotency_key;
ALTER TABLE jobs DROP COLUMN request_digest;
