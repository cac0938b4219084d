import type { Word } from './timeline.js';

/** So far around a word its sentence is looked for. */
const reach = 400;

/**
 * The sentence that is being said, with the word that is heard marked. A screen reader hears each
 * sentence once: from a copy that the marking does not change.
 */
export class CaptionLine {
  readonly #line: HTMLElement;
  readonly #seen = document.createElement('span');
  readonly #announced = document.createElement('span');
  /** All that is said, as far as it is known. */
  #text = '';
  #begin = 0;
  #sentence = '';
  #isShown = false;

  constructor(line: HTMLElement) {
    this.#line = line;
    this.#seen.setAttribute('aria-hidden', 'true');
    this.#announced.setAttribute('role', 'status');
    this.#announced.className = 'announced';
    line.append(this.#seen, this.#announced);
    this.clear();
  }

  setShown(isShown: boolean): void {
    this.#isShown = isShown;
    this.#line.hidden = !isShown || this.#sentence === '';
  }

  /** Takes more of the text that will be said. */
  add(text: string): void {
    this.#text += text;
  }

  /** Marks a word, in its sentence. */
  showWord(word: Word): void {
    if (word.begin < this.#begin || word.end > this.#begin + this.#sentence.length) {
      this.#show(word);
    }
    const from = word.begin - this.#begin;
    const to = word.end - this.#begin;
    const now = document.createElement('span');
    now.className = 'now';
    now.textContent = this.#sentence.slice(from, to);
    this.#seen.replaceChildren(this.#sentence.slice(0, from), now, this.#sentence.slice(to));
  }

  clear(): void {
    this.#text = '';
    this.#begin = 0;
    this.#sentence = '';
    this.#seen.textContent = '';
    this.#announced.textContent = '';
    this.setShown(this.#isShown);
  }

  #show(word: Word): void {
    const from = Math.max(0, word.begin - reach);
    const around = this.#text.slice(from, word.end + reach);
    const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });
    const found = sentences.segment(around).containing(word.begin - from);
    this.#begin = found ? from + found.index : word.begin;
    this.#sentence = found ? found.segment.trimEnd() : word.text;
    this.#announced.textContent = this.#sentence;
    this.setShown(this.#isShown);
  }
}
