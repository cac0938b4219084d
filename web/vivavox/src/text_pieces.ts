/** A part of a text that can be spoken on its own. */
export interface TextPiece {
  text: string;
  /** Where it begins in the whole text, in UTF-16 code units. */
  begin: number;
}

/** So long without another token, and a clause that looks whole is taken for whole. */
const patience_ms = 15;
/** A clause within a sentence is spoken on its own once the text waits in vain for the end. */
const longest = 160;

/** An end of a sentence or clause; where it is the last of what is there, more may come. */
const sentenceEnd = /[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]["'”’」』）]*|\n/gu;
const clauseEnd = /[,;:—–](?=\s|$)|[、，；：]/gu;
const abbreviation =
  /(?:^|[\s(])(?:\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|etc|No|Nr|ca|bzw|usw|e\.g|i\.e|z\.B|d\.h)\.$/u;
const numberDot = /\d[.,]$/;
const hasSound = /[\p{L}\p{N}]/u;

/**
 * A text that comes token by token, such as a language model's, as pieces to be spoken: the first
 * clause as soon as it is whole, then sentence by sentence. Ends early when the signal is aborted.
 */
export async function* piecesOf(
  tokens: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<TextPiece> {
  const iterator = tokens[Symbol.asyncIterator]();
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve('aborted');
    });
  });
  let text = '';
  let begin = 0;
  let isFirst = true;
  const take = (length: number): TextPiece | null => {
    const piece = { text: text.slice(0, length), begin };
    if (!hasSound.test(piece.text)) return null;
    text = text.slice(length);
    begin += length;
    isFirst = false;
    return piece;
  };
  let next = iterator.next();
  try {
    for (;;) {
      const waits = endOf(text, isFirst, true) > 0 ? [after(patience_ms)] : [];
      const got = await Promise.race([next, aborted, ...waits]);
      if (got === 'aborted' || signal.aborted) return;
      const isPatient = got !== 'waited';
      if (isPatient) {
        if (got.done) break;
        text += got.value;
        next = iterator.next();
      }
      for (;;) {
        const end = endOf(text, isFirst, !isPatient);
        const piece = end > 0 ? take(end) : null;
        if (!piece) break;
        yield piece;
      }
    }
    const last = take(text.length);
    if (last) yield last;
  } finally {
    next.catch(() => undefined);
    // What is pending there must not keep this from ending.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Where the first piece of a text ends; 0 if none is whole. */
function endOf(text: string, isFirst: boolean, mayBeLast: boolean): number {
  const sentence = firstMatch(text, sentenceEnd, mayBeLast);
  const isLong = text.length > longest;
  const clause = isFirst || isLong ? firstMatch(text, clauseEnd, mayBeLast) : 0;
  if (sentence === 0 || clause === 0) return sentence || clause;
  return Math.min(sentence, clause);
}

function firstMatch(text: string, ends: RegExp, mayBeLast: boolean): number {
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length;
    const before = text.slice(0, end);
    if (end === text.length && match[0] !== '\n' && (!mayBeLast || numberDot.test(before)))
      continue;
    if (abbreviation.test(before) || !hasSound.test(before)) continue;
    return end;
  }
  return 0;
}

function after(wait_ms: number): Promise<'waited'> {
  return new Promise((resolve) => setTimeout(resolve, wait_ms, 'waited'));
}
