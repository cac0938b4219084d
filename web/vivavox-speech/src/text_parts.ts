/** The longest text that is spoken at once, in UTF-16 code units. */
export const longestText = 1 << 20;

/** A clause costs by the length of the text that it is cut from; so long ones are cut before. */
const longestPart = 20_000;

/** A text in parts that end with a sentence, or at least with a word. */
export function* partsOf(text: string): Generator<{ part: string; begin: number }> {
  let begin = 0;
  while (text.length - begin > longestPart) {
    const window = text.slice(begin, begin + longestPart);
    const end = lastMatch(window, /[.!?…。！？]["'”’)\]]*\s|\n/gu) || lastMatch(window, /\s/gu);
    // Never between the halves of a character.
    const length = end || longestPart - (/[\uD800-\uDBFF]$/.test(window) ? 1 : 0);
    yield { part: window.slice(0, length), begin };
    begin += length;
  }
  yield { part: text.slice(begin), begin };
}

/** Where the last match ends; 0 without one. */
function lastMatch(text: string, pattern: RegExp): number {
  let end = 0;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}
