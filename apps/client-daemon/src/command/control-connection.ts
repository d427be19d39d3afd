// The way from the command to a daemon that runs: the control API, and nothing else (docs/protocol/control-api.md §1).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redacted } from '@paloma/shared-model';
import { CommandError } from './command-error.js';

export class ControlConnection {
  readonly #baseUrl: string;
  readonly #token: Redacted<string>;

  private constructor(baseUrl: string, token: Redacted<string>) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  /** The daemon that runs with this state directory. @throws {CommandError} "notRunning" */
  static to(stateDirectory: string): ControlConnection {
    try {
      const [url, token] = ['control-url', 'control-token'].map((name) => readFileSync(join(stateDirectory, name), 'utf8').trim());
      return new ControlConnection(`${url}/control/v1`, new Redacted(token!));
    } catch (error) {
      throw notRunning(stateDirectory, error);
    }
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#json<Answer>('GET', path);
  }

  post<Answer = undefined>(path: string, body: object = {}): Promise<Answer> {
    return this.#json<Answer>('POST', path, body);
  }

  async delete(path: string): Promise<void> {
    await this.#json('DELETE', path);
  }

  /** Lines of an answer that does not end by itself. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.#ask('GET', path, undefined, signal);
    let rest = '';
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  }

  async #json<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const text = await (await this.#ask(method, path, body)).text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  /** @throws {CommandError} "refused" with the daemon's own sentence; "notRunning" */
  async #ask(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token.reveal()}`, 'content-type': 'application/json' };
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }), ...(signal && { signal }) };
    const response = await fetch(this.#baseUrl + path, request).catch((error: unknown) => {
      throw signal?.aborted ? error : notRunning(null, error);
    });
    if (response.ok) return response;
    throw new CommandError('refused', await sentenceOf(response));
  }
}

async function sentenceOf(response: Response): Promise<string> {
  const { error, sentence } = await response.json().catch(() => ({})) as { error?: string; sentence?: string };
  return sentence || `The daemon refused this (${response.status}${error ? ` ${error}` : ''}).`;
}

function notRunning(stateDirectory: string | null, cause: unknown): CommandError {
  const where = stateDirectory === null ? '' : ` with ${stateDirectory}`;
  return new CommandError('notRunning', `No daemon runs${where}: start palomad, or name its directory with --state.`, { cause });
}
