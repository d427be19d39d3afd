// OPAQUE (RFC 9807), the client's side, in a thread of its own. Argon2id holds the thread it runs in for half a second, and the 64 MiB
// that it takes of WebAssembly memory are given back only with that thread: in the daemon's own one every mail program would wait,
// and the memory stay until the next start. So there is a thread for one act (a sign-up, a log-in, a change of a credential), and
// it ends with it. A recovery code is a passphrase of the second credential.

import { once } from 'node:events';
import { extname } from 'node:path';
import { MessageChannel, Worker, type Transferable } from 'node:worker_threads';
import type { MailAddress, Redacted } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { opaqueIdentities, type CredentialKind } from '../public/opaque-identity.js';
import type { FinishedLogin, FinishedRegistration, OpaqueInput } from './opaque-exchange.js';
import type { ExchangeKind, OpaqueQuestion } from './opaque-thread.js';
import { FULL_STRETCHING, type PassphraseStretching } from './passphrase-stretching.js';

export interface OpaqueCredential {
  passphrase: Redacted<string>;
  address: MailAddress;
  credential?: CredentialKind;
  stretching?: PassphraseStretching;
}

/** Only tests give any. */
export interface OpaqueThreadOptions {
  thread?: Worker;
  answerWithinMs?: number;
}

/** A step takes half a second, on a slow machine with other work ten. Without a limit whoever logs in would wait for a thread that hangs. */
const MAX_STEP_MS = 60_000;

/**
 * At most one registration and one log-in, each a start and then a finish with the server's answer to it. All methods
 * @throws {CryptoError} "internal" when the thread has ended or does not answer
 */
export class OpaqueClient {
  readonly #thread: Worker;
  readonly #answerWithinMs: number;
  readonly #ended = new AbortController();

  constructor({ thread = startThread(), answerWithinMs = MAX_STEP_MS }: OpaqueThreadOptions) {
    this.#thread = thread;
    this.#answerWithinMs = answerWithinMs;
    thread.once('error', (error) => this.#ended.abort(error)).once('exit', () => this.#ended.abort());
  }

  /** The request for the server. */
  startRegistration(credential: OpaqueCredential): Promise<string> {
    return this.#start('registration', credential);
  }

  /** `exportKey` (64 octets) never reaches the provider and is the same at every later log-in. @throws {CryptoError} "malformed" for a broken answer */
  async finishRegistration(registrationResponse: string): Promise<FinishedRegistration> {
    const finished = await this.#ask<FinishedRegistration | null>({ kind: 'registration', step: 'finish', response: registrationResponse });
    if (!finished) throw new CryptoError('malformed', 'opaque registration response cannot be used');
    return finished;
  }

  /** The request for the server. */
  startLogin(credential: OpaqueCredential): Promise<string> {
    return this.#start('login', credential);
  }

  /** Not ok: wrong passphrase, unknown account, or a server that is not the one registered with; they look alike. */
  async finishLogin(loginResponse: string): Promise<({ ok: true } & FinishedLogin) | { ok: false }> {
    const finished = await this.#ask<FinishedLogin | null>({ kind: 'login', step: 'finish', response: loginResponse });
    return finished ? { ok: true, ...finished } : { ok: false };
  }

  /** Resolves when the thread is gone, and its memory with it. */
  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #start(kind: ExchangeKind, credential: OpaqueCredential): Promise<string> {
    const input = inputOf(credential);
    return this.#ask<string>({ kind, step: 'start', input }, input.passphrase.buffer);
  }

  /** What is `handedOver` is not copied: this thread has it no longer. */
  async #ask<Answer>(question: QuestionOf<OpaqueQuestion>, ...handedOver: Transferable[]): Promise<Answer> {
    const { port1: answers, port2: answerTo } = new MessageChannel();
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(this.#answerWithinMs)]);
    this.#thread.postMessage({ ...question, answerTo } satisfies OpaqueQuestion, [answerTo, ...handedOver]);
    try {
      const [answer] = await once(answers, 'message', { signal });
      return answer;
    } catch (cause) {
      const what = this.#ended.signal.aborted ? 'has ended' : `did not answer in ${this.#answerWithinMs} ms`;
      throw new CryptoError('internal', `the thread of opaque ${what}`, { cause });
    } finally {
      answers.close();
    }
  }
}

type QuestionOf<Question> = Question extends OpaqueQuestion ? Omit<Question, 'answerTo'> : never;

/** The thread lives as long as `act`: what comes after the last finish has no need of it. */
export async function withOpaqueClient<Result>(act: (client: OpaqueClient) => Promise<Result>, options: OpaqueThreadOptions = {}): Promise<Result> {
  const client = new OpaqueClient(options);
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

/**
 * Runs the file beside this one: built when this one is, and its source when a test runs the source, since Node 24 strips types.
 * The flags of the process (`--eval`, `--input-type`) are not for it.
 */
export function startThread(): Worker {
  return new Worker(new URL(`./opaque-thread${extname(import.meta.url)}`, import.meta.url), { name: 'opaque', execArgv: [] });
}

function inputOf({ passphrase, address, credential, stretching = FULL_STRETCHING }: OpaqueCredential): OpaqueInput & { passphrase: Uint8Array<ArrayBuffer> } {
  return { passphrase: octetsOf(passphrase), identities: opaqueIdentities(address, credential), stretching };
}

/** One form for what two keyboards may type as different code points. The octets have memory of their own, which can be handed over. */
function octetsOf(passphrase: Redacted<string>): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(passphrase.reveal().normalize('NFC'));
}
