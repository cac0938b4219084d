import type { Progress } from 'vivavox';

/** One bar for all that loads. It is on the page from the start and goes once nothing loads. */
export class ProgressBar {
  readonly #box: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #label: HTMLLabelElement;
  readonly #loading = new Map<string, Progress>();

  /** @param box holds a progress element and its label */
  constructor(box: HTMLElement) {
    const bar = box.querySelector('progress');
    const label = box.querySelector('label');
    if (!bar || !label) throw new Error('the box needs a progress element and its label');
    this.#box = box;
    this.#bar = bar;
    this.#label = label;
  }

  show(progress: Progress): void {
    this.#loading.set(progress.what, progress);
    const all = [...this.#loading.values()];
    const loaded = all.reduce((sum, { loaded_bytes }) => sum + loaded_bytes, 0);
    const total = all.reduce((sum, { total_bytes }) => sum + total_bytes, 0);
    this.#box.hidden = false;
    this.#label.textContent = `Loading ${progress.what}`;
    if (total > 0) this.#bar.value = Math.min(1, loaded / total);
    else this.#bar.removeAttribute('value');
  }

  finish(): void {
    this.#loading.clear();
    this.#box.hidden = true;
  }
}
