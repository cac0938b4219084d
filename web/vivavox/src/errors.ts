/** What went wrong, as a value with a name. */
export class VivavoxError extends Error {
  override readonly name = 'VivavoxError';

  /**
   * @param code what kind of failure: one of the engine's codes (`unknown_voice`, `invalid_text`,
   * `invalid_avatar`, `renderer_unavailable` …) or, from the browser, `disposed` (the object was
   * disposed of) and `audio_blocked` (the browser keeps sound off until the page is clicked)
   * @param message one sentence: what was wrong and what to do about it
   */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Any thrown value as a VivavoxError; `code` names those that carry none of their own. */
  static from(thrown: unknown, code = 'internal'): VivavoxError {
    if (thrown instanceof VivavoxError) return thrown;
    if (!(thrown instanceof Error)) return new VivavoxError(code, String(thrown));
    const own = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : code;
    return new VivavoxError(own, thrown.message);
  }
}
