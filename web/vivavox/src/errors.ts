/** The kinds of failure: the engine's, and those that only a browser has. */
export type ErrorCode =
  | 'invalid_argument'
  | 'invalid_text'
  | 'invalid_audio'
  | 'invalid_avatar'
  | 'invalid_image'
  | 'invalid_json'
  | 'invalid_model'
  | 'invalid_voice'
  | 'unknown_voice'
  | 'cancelled'
  | 'not_found'
  | 'io_failed'
  | 'synthesis_failed'
  | 'inference_failed'
  | 'renderer_unavailable'
  | 'encoder_failed'
  | 'too_large'
  | 'unavailable'
  /** A recording does not say the text that it is aligned with. */
  | 'text_mismatch'
  /** The browser keeps sound off until the page is clicked. */
  | 'audio_blocked'
  /** The system took the sound device away while something was said. */
  | 'audio_interrupted'
  /** The canvas has a context of someone else's. */
  | 'canvas_in_use'
  /** The object was disposed of. */
  | 'disposed'
  /** The avatar has no voice. */
  | 'no_speech'
  /** A later call took the place of this one. */
  | 'superseded'
  /** A worker could not be started. */
  | 'worker_failed'
  | 'internal';

/** What went wrong, as a value with a name; `cause` is what the browser threw, if it did. */
export class VivavoxError extends Error {
  override readonly name = 'VivavoxError';

  /**
   * @param code what kind of failure
   * @param message one sentence: what was wrong and what to do about it
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Any thrown value as a VivavoxError; `code` names those that carry none of their own. */
  static from(thrown: unknown, code: ErrorCode = 'internal'): VivavoxError {
    if (thrown instanceof VivavoxError) return thrown;
    if (!(thrown instanceof Error)) return new VivavoxError(code, String(thrown));
    // The engine's own, thrown out of WebAssembly, and those that came from a worker.
    const isEngines = thrown.name === 'VivavoxError' && 'code' in thrown;
    const own = isEngines ? (thrown.code as ErrorCode) : code;
    return new VivavoxError(own, thrown.message, { cause: thrown });
  }
}
