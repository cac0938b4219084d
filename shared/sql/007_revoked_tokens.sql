-- Tokens that were taken back before they expire, until they would have.
CREATE TABLE revoked_tokens (
  token_id TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
