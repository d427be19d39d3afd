// Push by a streaming GET (RFC 8620 §7.3). Whenever the stream begins anew, `onConnect` is called: states may have moved
// while nobody listened, so the caller asks for changes once.

import { EventStreamParser } from './event-stream.js';
import { expandUrl, type AuthorizedHttp } from './http.js';
import { JmapError } from './jmap-error.js';
import type { StateChange } from './types.js';

const PING_SECONDS = 30;
/** Silence after which the stream is taken for dead; three pings may get lost. */
const SILENCE_LIMIT_MS = 3 * PING_SECONDS * 1000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

export interface PushListener {
  onConnect(): void;
  onDisconnect(): void;
  onStateChange(changed: Partial<Record<string, string>>): void;
  onUnauthorized(): void;
}

export interface PushOptions {
  http: AuthorizedHttp;
  eventSourceUrl: string;
  accountId: string;
  types: readonly string[];
  listener: PushListener;
  /** Waits before the next attempt. Replaced in tests. */
  wait?: (milliseconds: number) => Promise<void>;
}

/** Listens until the returned function is called; connects again by itself, waiting longer after each failure. */
export function listenForPush(options: PushOptions): () => void {
  const stop = new AbortController();
  void keepListening(options, stop.signal);
  return () => stop.abort();
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function keepListening(options: PushOptions, stopped: AbortSignal): Promise<void> {
  const wait = options.wait ?? sleep;
  let retryMs = FIRST_RETRY_MS;
  while (!stopped.aborted) {
    try {
      await readStream(options, stopped, () => { retryMs = FIRST_RETRY_MS; });
    } catch (error) {
      if (error instanceof JmapError && error.code === 'unauthorized') return options.listener.onUnauthorized();
    }
    if (stopped.aborted) return;
    options.listener.onDisconnect();
    await wait(retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

async function readStream(options: PushOptions, stopped: AbortSignal, onOpen: () => void): Promise<void> {
  const silence = new AbortController();
  const url = expandUrl(options.eventSourceUrl, { types: options.types.join(','), closeafter: 'no', ping: String(PING_SECONDS) });
  const response = await options.http.request(url, {
    headers: { Accept: 'text/event-stream' }, signal: AbortSignal.any([stopped, silence.signal]),
  });
  if (!response.body) throw new JmapError('protocol', 'event stream without a body');
  onOpen();
  options.listener.onConnect();
  const parser = new EventStreamParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    for (const { event, data } of parser.push(value)) if (event === 'state') dispatch(data, options);
  }
}

function dispatch(data: string, { accountId, listener }: PushOptions): void {
  const change = JSON.parse(data) as StateChange;
  const changed = change.changed?.[accountId];
  if (changed) listener.onStateChange(changed);
}
