// A request for a film.
import { request } from 'node:http';

export const sentence = 'A film goes on and on, sentence after sentence. ';

/** Asks for a film of its own connection; nothing comes of its breaking off. */
export function generation(port, json) {
  const body = JSON.stringify(json);
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const client = request({ port, path: '/generate', method: 'POST', agent: false, headers });
  client.on('error', () => {});
  client.end(body);
  return client;
}
