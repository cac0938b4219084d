import type { Page } from 'playwright-core';

/** Takes the graphics context of each of a page's scenes away, at its next frame. */
export async function loseContexts(page: Page): Promise<void> {
  await Promise.all(page.workers().map((worker) => worker.evaluate(loseAtNextFrame)));
}

/** Lets the scenes that a page will open lose their graphics context every so often. */
export async function loseContextsEvery(page: Page, period_ms: number): Promise<void> {
  await page.route('**/scene_worker.js', async (route) => {
    const response = await route.fetch();
    const prelude = `(${loseRepeatedly.toString()})(${period_ms});`;
    await route.fulfill({ response, body: prelude + (await response.text()) });
  });
}

/** Runs in a scene's worker before its script. */
function loseRepeatedly(period_ms: number): void {
  let context: WebGL2RenderingContext | null = null;
  const canvas = OffscreenCanvas.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own canvas
  const { getContext } = canvas;
  canvas.getContext = function (this: OffscreenCanvas, ...args: Parameters<typeof getContext>) {
    const given = getContext.apply(this, args);
    if (given instanceof WebGL2RenderingContext) context = given;
    return given;
  } as typeof getContext;
  setInterval(() => context?.getExtension('WEBGL_lose_context')?.loseContext(), period_ms);
}

/** Runs in a scene's worker. */
function loseAtNextFrame(): void {
  const canvas = OffscreenCanvas.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own canvas
  const { transferToImageBitmap } = canvas;
  canvas.transferToImageBitmap = function () {
    canvas.transferToImageBitmap = transferToImageBitmap;
    this.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
    return transferToImageBitmap.call(this);
  };
}
