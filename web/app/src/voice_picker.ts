import { VivavoxError } from 'vivavox';
import type { Speech, Voice } from 'vivavox-speech';
import { element } from './page.js';

const firstVoice = 'espeak:en-us';

/** The list of voices, and the way to add a Piper voice to it. */
export class VoicePicker {
  readonly #speech: Speech;
  readonly #select = element('voice', HTMLSelectElement);
  readonly #add = element('add-voice', HTMLButtonElement);
  readonly #files = element('voice-files', HTMLInputElement);

  /** @param attempt runs what may fail and tells the person */
  constructor(speech: Speech, attempt: (action: () => Promise<void>) => Promise<void>) {
    this.#speech = speech;
    this.#fill(firstVoice);
    this.#add.addEventListener('click', () => {
      this.#files.click();
    });
    this.#files.addEventListener('change', () => {
      void attempt(() => this.#addFiles());
    });
    this.#select.addEventListener('change', () => {
      void attempt(() => this.prepare());
    });
    this.#select.disabled = false;
    this.#add.disabled = false;
  }

  /** The voice chosen, as speak() takes it. */
  get voice(): string {
    return this.#select.value;
  }

  /** Loads what the voice needs. */
  async prepare(): Promise<void> {
    await this.#speech.prepare(this.voice);
  }

  #fill(chosen: string): void {
    const voices = this.#speech.voices.toSorted((a, b) => a.name.localeCompare(b.name));
    const isOwn = ({ language }: Voice) =>
      navigator.languages.some((own) => own.toLowerCase() === language.toLowerCase());
    const espeak = voices.filter(({ voice }) => voice.startsWith('espeak:'));
    this.#select.replaceChildren(
      ...group(
        'Piper voices',
        voices.filter(({ voice }) => !voice.startsWith('espeak:')),
      ),
      ...group('Your languages', espeak.filter(isOwn)),
      ...group(
        'All languages',
        espeak.filter((voice) => !isOwn(voice)),
      ),
    );
    this.#select.value = chosen;
  }

  async #addFiles(): Promise<void> {
    const files = [...(this.#files.files ?? [])];
    this.#files.value = '';
    if (files.length === 0) return;
    const model = files.find(({ name }) => name.endsWith('.onnx'));
    const config = files.find(({ name }) => name.endsWith('.json'));
    if (!model || !config) {
      throw new VivavoxError(
        'invalid_voice',
        'A Piper voice is two files: choose its .onnx and its .onnx.json together.',
      );
    }
    const { voice } = await this.#speech.loadPiperVoice(model.name.replace(/\.onnx$/, ''), {
      model,
      config,
    });
    this.#fill(voice);
  }
}

function group(label: string, voices: Voice[]): HTMLOptGroupElement[] {
  if (voices.length === 0) return [];
  const options = document.createElement('optgroup');
  options.label = label;
  options.append(...voices.map(({ name, voice }) => new Option(name, voice)));
  return [options];
}
