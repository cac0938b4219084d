import { PictureScene, ignored } from './picture_scene.js';
import { fetchBytes } from './progress.js';
import type { TimedViseme } from './visemes.js';

/** One picture, that shows nothing of what it is told. Sound goes on beside it. */
export class StillScene extends PictureScene {
  readonly #posterUrl: string;

  constructor(posterUrl: string) {
    super();
    this.#posterUrl = posterUrl;
  }

  /** @throws VivavoxError `io_failed` */
  override async load(): Promise<void> {
    const bytes = await fetchBytes(this.#posterUrl, 'the picture of the avatar');
    await this.show(await createImageBitmap(new Blob([bytes as BlobPart])));
  }

  override visemesOf(): TimedViseme[] {
    return [];
  }

  override readonly resize = ignored;
  override readonly setLook = ignored;
  override readonly setMood = ignored;
}
