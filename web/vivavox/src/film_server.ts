import { VivavoxError, type ErrorCode } from './errors.js';
import type { Look, Shot } from './scene.js';

/** The service that draws where a page cannot. */
export interface RenderServer {
  /** Where `vivavox serve` answers, e.g. `https://avatars.example`. */
  url: string | URL;
  /** The server's avatar, `default` without. */
  avatarId?: string;
  /** A token of `POST /api/v1/tokens`, or what gets one: it is asked before each request. */
  token?: string | (() => string | Promise<string>);
}

/** How a film looks: what the server is told of it. */
export interface FilmLook {
  mood: string;
  intensity: number;
  width: number;
  height: number;
  fps: number;
  camera: string;
  background: string | undefined;
  lighting: string;
  seed: number;
}

/** What is said in a film. */
export interface FilmText {
  text?: string;
  voice?: string | undefined;
}

/** The server's kinds of views: engine/stage/framing.h. */
export function cameraOf({ yaw_deg, height, fit }: Shot): string {
  const closest = 1.4;
  if (fit === 'figure') return 'full';
  if (Math.abs(yaw_deg) > 60) return 'profile';
  if (Math.abs(yaw_deg) > 15) return 'three-quarter';
  return height < closest ? 'head' : 'front';
}

/** A film has no transparency: the server's own background stands for it. */
export function backgroundOf({ background }: Look): string | undefined {
  return background === 'transparent' ? undefined : background;
}

/** The films of a server, by HTTP. */
export class FilmServer {
  readonly #url: URL;
  readonly #avatarId: string;
  readonly #token: RenderServer['token'];

  constructor(server: string | URL | RenderServer) {
    const { url, avatarId, token } =
      typeof server === 'string' || server instanceof URL ? { url: server } : server;
    this.#url = new URL(url, document.baseURI);
    this.#avatarId = avatarId ?? 'default';
    this.#token = token;
  }

  /** One round of the idle loop. @throws VivavoxError `unavailable`, `io_failed`, … */
  async loop(look: FilmLook, signal: AbortSignal): Promise<ArrayBuffer> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(look) as [string, string | number | undefined][]) {
      if (value !== undefined) query.set(name, String(value));
    }
    const path = `api/v1/avatars/${encodeURIComponent(this.#avatarId)}/loop?${query}`;
    const answer = await this.#ask(path, { signal });
    return answer.arrayBuffer();
  }

  /**
   * A film that goes on from a moment of the loop `before` and ends where the loop of its own look
   * begins, as it comes.
   * @throws VivavoxError as the server says it
   */
  async film(
    said: FilmText,
    look: FilmLook,
    before: FilmLook,
    loopAt_s: number,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const body = {
      ...said,
      ...look,
      avatar_id: this.#avatarId,
      format: 'mp4',
      loop_at_s: loopAt_s,
      loop_mood: before.mood,
      loop_intensity: before.intensity,
    };
    const answer = await this.#ask('generate', {
      signal,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.body) return answer.body;
    throw new VivavoxError('io_failed', 'The server sent no film.');
  }

  async #ask(path: string, options: RequestInit): Promise<Response> {
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
    const headers = new Headers(options.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    let answer: Response;
    try {
      answer = await fetch(new URL(path, folderOf(this.#url)), { ...options, headers });
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new VivavoxError('io_failed', `The server at ${this.#url.origin} does not answer.`, {
        cause,
      });
    }
    if (answer.ok) return answer;
    throw await failureOf(answer);
  }
}

/** So that a path may follow. */
function folderOf(url: URL): URL {
  return new URL(url.href.replace(/\/?$/, '/'));
}

const codes: Partial<Record<number, ErrorCode>> = {
  404: 'not_found',
  413: 'too_large',
  422: 'invalid_argument',
  429: 'unavailable',
  503: 'unavailable',
};

async function failureOf(answer: Response): Promise<VivavoxError> {
  const { detail } = (await answer.json().catch(() => ({}))) as { detail?: unknown };
  const [violation] = Array.isArray(detail) ? (detail as { msg?: string; type?: string }[]) : [];
  const named = violation?.type;
  const code =
    named === 'invalid_text' || named === 'unknown_voice' || named === 'synthesis_failed'
      ? named
      : (codes[answer.status] ?? 'io_failed');
  const message = violation?.msg ?? (typeof detail === 'string' ? detail : answer.statusText);
  return new VivavoxError(code, `The server says ${answer.status}: ${message}`);
}
