import type { LogEntry } from './log.js';

/** Shows what happened, the newest first; a second time it goes. */
export function showLog(host: HTMLElement, entries: readonly LogEntry[]): void {
  const shown = host.querySelector('dialog');
  if (shown) {
    shown.remove();
    return;
  }
  const dialog = document.createElement('dialog');
  const head = document.createElement('h2');
  head.textContent = 'Log';
  const list = document.createElement('ol');
  list.append(
    ...entries.toReversed().map(({ time, what }) => {
      const line = document.createElement('li');
      line.textContent = `${time} ${what}`;
      return line;
    }),
  );
  dialog.append(head, list);
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  host.append(dialog);
  dialog.showModal();
}
