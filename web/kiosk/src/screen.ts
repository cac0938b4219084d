/** Keeps the screen on while the page is seen, where the browser can. */
export function keepScreenOn(signal: AbortSignal): void {
  const ask = () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    // Refused e.g. on a low battery: the next time the page is shown is soon enough.
    navigator.wakeLock.request('screen').catch(() => undefined);
  };
  // The browser takes it back whenever the page is hidden.
  document.addEventListener('visibilitychange', ask, { signal });
  ask();
}

/** Fills the screen; it takes a click or a key press. */
export function fillScreen(): void {
  const isFull =
    document.fullscreenElement !== null || matchMedia('(display-mode: fullscreen)').matches;
  if (isFull || !document.fullscreenEnabled) return;
  document.documentElement.requestFullscreen({ navigationUI: 'hide' }).catch(() => undefined);
}
