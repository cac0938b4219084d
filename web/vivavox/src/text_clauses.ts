import { VivavoxError } from './errors.js';
import type { SpeechClause, SpeechOptions, SpeechSource } from './speech_source.js';
import { piecesOf } from './text_pieces.js';

/**
 * A text's clauses, spoken; of one that comes token by token, those of each piece as it is whole.
 * @throws VivavoxError `invalid_text` and what the source throws
 */
export async function* clausesOfText(
  speech: Promise<SpeechSource>,
  text: string | AsyncIterable<string>,
  options: SpeechOptions,
  over: AbortSignal,
): AsyncGenerator<SpeechClause> {
  const source = await speech;
  const isOver = () => over.aborted;
  if (isOver()) return;
  if (typeof text === 'string') {
    yield* source.speak(text, options);
    return;
  }
  let hasSpoken = false;
  for await (const piece of piecesOf(text, over)) {
    try {
      for await (const clause of source.speak(piece.text, options)) {
        hasSpoken = true;
        yield { ...clause, textOffset: (clause.textOffset ?? 0) + piece.begin };
      }
    } catch (error) {
      // A piece of signs alone has no sound; the next one may.
      if (!(error instanceof VivavoxError && error.code === 'synthesis_failed')) throw error;
    }
  }
  if (!hasSpoken && !isOver()) {
    throw new VivavoxError('invalid_text', 'The text has nothing that can be spoken.');
  }
}
