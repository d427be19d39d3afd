// The thread that opaque-client.ts starts. What an exchange keeps between its start and its finish, passphrase and state, stays
// here. It ends with this thread: the strings that the library takes cannot be overwritten, but the heap and the WebAssembly memory
// they lie in are unmapped. The passphrase's octets lie in memory of the whole process, hence they are overwritten.
// An exception ends the thread, which its owner is told.

import { parentPort, type MessagePort } from 'node:worker_threads';
import { finishLogin, finishRegistration, opaqueExchangeReady, startLogin, startRegistration, type OpaqueInput } from './opaque-exchange.ts';

export type ExchangeKind = 'registration' | 'login';

/** To `answerTo` goes what the step gives: a start the request for the server, a finish what came of it. */
export type OpaqueQuestion = { kind: ExchangeKind; answerTo: MessagePort } & (
  | { step: 'start'; input: OpaqueInput }
  | { step: 'finish'; response: string });

const STEPS = {
  registration: { start: startRegistration, finish: finishRegistration },
  login: { start: startLogin, finish: finishLogin },
};
const started = new Map<ExchangeKind, OpaqueInput & { state: string }>();

function start(kind: ExchangeKind, input: OpaqueInput): string {
  const { state, request } = STEPS[kind].start(input.passphrase);
  started.set(kind, { ...input, state });
  return request;
}

function finish(kind: ExchangeKind, response: string): ReturnType<typeof finishLogin | typeof finishRegistration> {
  const exchange = started.get(kind);
  if (!exchange) throw new Error(`crypto: a ${kind} was finished that was not started`);
  started.delete(kind);
  const finished = STEPS[kind].finish({ ...exchange, response });
  exchange.passphrase.fill(0);
  return finished;
}

await opaqueExchangeReady();
parentPort?.on('message', (question: OpaqueQuestion) => {
  question.answerTo.postMessage(question.step === 'start' ? start(question.kind, question.input) : finish(question.kind, question.response));
});
