import axe from 'axe-core';
import type { Page } from 'playwright-core';

const findings = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(', ')))`;

/** What axe finds wrong in a page, a line for each rule. */
export async function violationsIn(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(findings);
}
