import type { Word } from 'vivavox';

interface Sentence {
  begin: number;
  end: number;
}

/** What is being said, a sentence at a time, with the current word marked. */
export class Captions {
  readonly #line: HTMLElement;
  #text = '';
  #sentences: Sentence[] = [];
  #shown: Sentence | null = null;

  /** @param line an aria-live region: a new sentence is read out, a new mark is not */
  constructor(line: HTMLElement) {
    this.#line = line;
  }

  begin(text: string): void {
    this.#text = text;
    this.#sentences = sentencesOf(text);
    this.#shown = null;
    this.#line.replaceChildren();
  }

  showWord(word: Word): void {
    const sentence = this.#sentences.find(({ end }) => word.begin < end);
    if (sentence && sentence !== this.#shown) this.#showSentence(sentence);
    for (const span of this.#line.querySelectorAll('span')) {
      const offset = Number(span.dataset.begin);
      span.classList.toggle('now', offset >= word.begin && offset < word.end);
    }
  }

  clear(): void {
    this.begin('');
  }

  #showSentence(sentence: Sentence): void {
    this.#shown = sentence;
    const text = this.#text.slice(sentence.begin, sentence.end).trimEnd();
    this.#line.replaceChildren(
      ...pieces(text).map(({ segment, index, isWordLike }) => {
        if (!isWordLike) return segment;
        const span = document.createElement('span');
        span.dataset.begin = String(sentence.begin + index);
        span.textContent = segment;
        return span;
      }),
    );
  }
}

const sentenceBreaks = new Intl.Segmenter(undefined, { granularity: 'sentence' });
const wordBreaks = new Intl.Segmenter(undefined, { granularity: 'word' });

function sentencesOf(text: string): Sentence[] {
  return [...sentenceBreaks.segment(text)].map(({ index, segment }) => ({
    begin: index,
    end: index + segment.length,
  }));
}

function pieces(text: string): Intl.SegmentData[] {
  return [...wordBreaks.segment(text)];
}
