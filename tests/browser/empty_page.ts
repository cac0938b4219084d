import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Page, Worker } from 'playwright-core';
import type { Avatar, AvatarOptions, SpeechClause, SpeechSource } from 'vivavox';
import { openPage } from './browser.js';
import type { Site } from './site.js';

/** A page with nothing but the packages' import map, a canvas and a button. */
const html = (canvas: string) => `<!doctype html>
<html lang="en">
<title>Empty</title>
<script type="importmap">
  { "imports": {
    "vivavox": "./vivavox/index.js",
    "vivavox/element": "./vivavox/element.js",
    "vivavox-speech": "./vivavox-speech/index.js"
  } }
</script>
<link rel="icon" href="data:," />
${canvas}
<button>A click, so that there may be sound</button>
`;

/** A clause that tones(): how long it sounds, what is said, and how long it takes to come. */
export interface Tone {
  text: string;
  duration_s: number;
  late_ms?: number;
}

declare global {
  /** A source of speech that is a tone for each clause, its words of equal length. */
  var tones: (clauses: Tone[]) => SpeechSource;
  /** An avatar on the page's canvas. */
  var makeAvatar: (options?: AvatarOptions) => Promise<Avatar>;
}

/** Runs in the page before its scripts. */
function addHelpers(): void {
  globalThis.tones = (clauses) => ({
    async *speak() {
      let textOffset = 0;
      for (const { text, duration_s, late_ms = 0 } of clauses) {
        if (late_ms > 0) await new Promise((resolve) => setTimeout(resolve, late_ms));
        yield clauseOf(text, duration_s, textOffset);
        textOffset += text.length + 1;
      }
    },
  });
  const rate = 22050;
  const clauseOf = (text: string, duration_s: number, textOffset: number): SpeechClause => {
    const found = [...text.matchAll(/\S+/g)];
    const each_s = duration_s / Math.max(1, found.length);
    const words = found.map((match, i) => ({
      text: match[0],
      begin: match.index,
      end: match.index + match[0].length,
      start_s: i * each_s,
      end_s: (i + 1) * each_s,
    }));
    const phones = words.flatMap(({ start_s, end_s }, word) => [
      { ipa: 'p', stress: 'none' as const, word, start_s, end_s: (start_s + end_s) / 2 },
      { ipa: 'ɑ', stress: 'none' as const, word, start_s: (start_s + end_s) / 2, end_s },
    ]);
    return {
      timeline: {
        text,
        voice: 'tone',
        language: 'en',
        sample_rate_hz: rate,
        duration_s,
        timing: 'exact',
        words,
        phones,
      },
      textOffset,
      samples: Float32Array.from(
        { length: Math.round(duration_s * rate) },
        (_, i) => 0.2 * Math.sin(i / 10),
      ),
    };
  };
  globalThis.makeAvatar = async (options) => {
    const { Avatar } = await import('vivavox');
    const canvas = document.querySelector('canvas');
    if (!canvas) throw new Error('there is no canvas');
    return Avatar.create(canvas, { quality: 'low', ...options });
  };
}

export interface EmptyPageOptions extends BrowserContextOptions {
  canvas?: string;
}

/** Opens an empty page of the built site, clicked so that it may sound. */
export async function openEmptyPage(
  t: TestContext,
  site: Site,
  {
    canvas = '<canvas style="width: 160px; height: 160px"></canvas>',
    ...options
  }: EmptyPageOptions = {},
): Promise<Page> {
  const { page } = await openPage(t, site.browser, 'about:blank', options);
  await page.addInitScript(addHelpers);
  await page.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: html(canvas) }),
  );
  await page.goto(`${site.url}empty.html`);
  await page.click('button');
  page.setDefaultTimeout(60_000);
  return page;
}

/** The workers in which a page's avatars are drawn: one is kept a while for the next avatar. */
export async function scenesOf(page: Page): Promise<Worker[]> {
  const named = page.workers().map(async (worker) => {
    const name = await worker.evaluate(() => self.name).catch(() => 'ended');
    return name === 'vivavox stage' ? [worker] : [];
  });
  return (await Promise.all(named)).flat();
}

/** Waits until so few avatars are drawn, or kept. */
export async function untilScenes(page: Page, most: number): Promise<void> {
  for (let i = 0; (await scenesOf(page)).length > most; i++) {
    if (i === 300) throw new Error(`the page still has ${(await scenesOf(page)).length} scenes`);
    await page.waitForTimeout(100);
  }
}
