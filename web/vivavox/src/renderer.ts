import { VivavoxError } from './errors.js';
import type { FilmText, RenderServer } from './film_server.js';
import { canShowFilms } from './film_type.js';
import type { FilmUtterance, OnClause } from './film_utterance.js';
import { answerCalls, localChannel, Remote } from './remote.js';
import type { SceneCalls, SceneEvent, SceneOptions } from './scene.js';
import { openScene, type OpenScene } from './scene_client.js';

/**
 * Who draws an avatar: `local`, the page itself; `server`, as films that the page shows; `still`,
 * nobody: there is a picture, and what is said is heard.
 */
export type RendererName = 'local' | 'server' | 'still';

/** Who draws an avatar, and who sounds. */
export interface Renderer extends OpenScene {
  readonly name: RendererName;
  /** Films with what is said in them; null where the page's own speech sounds. */
  readonly films: Films | null;
}

/** Who says texts in films. */
export interface Films {
  utterance(said: FilmText, onClause: OnClause): FilmUtterance;
  /** 0 to 1 */
  setVolume(volume: number): void;
}

/** What a renderer is chosen by. */
export interface RendererChoice {
  scene: SceneOptions;
  workerUrl: URL;
  posterUrl: URL;
  server: string | URL | RenderServer | undefined;
}

/**
 * The page draws, where it can; else a server, where one is given; else nobody.
 * @throws VivavoxError `worker_failed`, `io_failed`; the signal's reason
 */
export async function openRenderer(choice: RendererChoice, signal: AbortSignal): Promise<Renderer> {
  try {
    return await openLocal(choice, signal);
  } catch (error) {
    if (!(error instanceof VivavoxError && error.code === 'renderer_unavailable')) throw error;
  }
  return openOther(choice);
}

/** @throws VivavoxError `renderer_unavailable`, `worker_failed`, `io_failed`; the signal's reason */
export async function openLocal(
  { scene, workerUrl }: RendererChoice,
  signal: AbortSignal,
): Promise<Renderer> {
  return { name: 'local', films: null, ...(await openScene(scene, workerUrl, signal)) };
}

/** Who draws where the page does not: the server, where the browser shows its films; else nobody. */
export async function openOther(choice: RendererChoice): Promise<Renderer> {
  return (await openServer(choice).catch(() => null)) ?? openStill(choice);
}

async function openServer(choice: RendererChoice): Promise<Renderer | null> {
  const { scene, workerUrl, server } = choice;
  if (server === undefined || !canShowFilms()) return null;
  // Fetched where it is needed: most pages draw.
  const [{ FilmScene }, { FilmServer }] = await Promise.all([
    import('./film_scene.js'),
    import('./film_server.js'),
  ]);
  const { port1, port2 } = localChannel();
  let tell: (event: SceneEvent) => void = () => undefined;
  const films = await FilmScene.open(scene, new FilmServer(server), (event) => {
    tell(event);
  });
  tell = answerCalls<SceneCalls>(port2, films);
  const end = () => {
    films.dispose();
  };
  const remote = new Remote<SceneCalls, SceneEvent>(port1);
  return { name: 'server', films, remote, workerUrl: screensOf(workerUrl), close: end, rest: end };
}

export async function openStill({ workerUrl, posterUrl }: RendererChoice): Promise<Renderer> {
  const { StillScene } = await import('./still_scene.js');
  const { port1, port2 } = localChannel();
  answerCalls<SceneCalls>(port2, new StillScene(posterUrl.href));
  const remote = new Remote<SceneCalls, SceneEvent>(port1);
  const end = () => undefined;
  return {
    name: 'still',
    films: null,
    remote,
    workerUrl: screensOf(workerUrl),
    close: end,
    rest: end,
  };
}

/** Whether the page could draw now. */
export function hasWebGL(): boolean {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2');
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null;
}

/** A worker shows the pictures, where browsers have canvases for one. */
function screensOf(workerUrl: URL): URL | null {
  return typeof OffscreenCanvas === 'undefined' ? null : workerUrl;
}
