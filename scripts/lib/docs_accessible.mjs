// For TypeDoc: what its theme lacks for assistive technology.
import { PageEvent } from 'typedoc';

/** The content is the page's main landmark. */
const withLandmark = (html) => html.replace('class="col-content"', 'class="col-content" role="main"');

/** No link within a button: a section's heading folds it. */
const withoutNestedLinks = (html) =>
  html.replace(/<summary\b.*?<\/summary>/gs, (summary) => summary.replace(/<a [^>]*>.*?<\/a>/gs, ''));

/** No level of headings is left out. */
function withHeadingsInOrder(html) {
  let last = 0;
  return html.replace(/<h([1-6])\b([^>]*)>(.*?)<\/h\1>/gs, (_, level, attributes, content) => {
    last = Math.min(Number(level), last + 1);
    return `<h${last}${attributes}>${content}</h${last}>`;
  });
}

export function load({ renderer }) {
  renderer.on(PageEvent.END, (page) => {
    if (!page.contents) return;
    page.contents = withHeadingsInOrder(withoutNestedLinks(withLandmark(page.contents)));
  });
}
