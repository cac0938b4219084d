import type { TestContext } from 'node:test';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type LaunchOptions,
  type Page,
} from 'playwright-core';
import { recordPage } from './recording.js';

/** How a browser draws: WebGL in software, or not at all. */
const graphics = {
  software: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  none: ['--disable-gpu', '--disable-software-rasterizer', '--disable-3d-apis'],
};
export type Graphics = keyof typeof graphics;

/** The system's Chromium. */
function system(by: Graphics): LaunchOptions {
  return {
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--headless=new',
      ...graphics[by],
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}

/** A browser whose pages have profiles of their own. */
export function launchBrowser(by: Graphics = 'software'): Promise<Browser> {
  return chromium.launch(system(by));
}

/** A browser whose profile is kept in a folder. */
export function launchWithProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, system('software'));
}

export interface OpenedPage {
  page: Page;
  /** What the page printed as an error, or threw. */
  errors: string[];
}

/**
 * A page of its own profile until the test ends.
 * @param watch runs in it before its scripts; by default its sound and captions are recorded
 */
export async function openPage(
  t: TestContext,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  watch: () => void = recordPage,
): Promise<OpenedPage> {
  const context = await browser.newContext({
    // Small: without a GPU every pixel costs.
    viewport: { width: 320, height: 640 },
    reducedMotion: 'reduce',
    // The recorder's worklet is a blob, which policies forbid.
    bypassCSP: watch === recordPage,
    ...options,
  });
  t.after(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(watch);
  await page.goto(url);
  return { page, errors };
}

/** Runs in a page before its scripts: what tests answer in a server's place is then what it gets. */
export function refuseServiceWorkers(): void {
  navigator.serviceWorker.register = () => Promise.reject(new Error('the test has none'));
}
