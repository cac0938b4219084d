/** What the server's films are: H.264 of the main profile, and AAC. */
export const filmType = 'video/mp4; codecs="avc1.4D401F, mp4a.40.2"';

/** Whether this browser shows what the server makes. */
export function canShowFilms(): boolean {
  return (
    'MediaSource' in globalThis &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype &&
    MediaSource.isTypeSupported(filmType)
  );
}
