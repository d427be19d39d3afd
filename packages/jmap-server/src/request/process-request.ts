// Runs the calls of a request one after another, RFC 8620 §3.10 ("as if executed serially").

import type { Method, MethodContext } from '../method.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import { CreationIds } from './creation-ids.js';
import type { Invocation, JmapRequest } from './envelope.js';
import { errorArguments, isBug } from './error-table.js';
import { resolveReferences } from './result-reference.js';

export type RequestEnvironment = Omit<MethodContext, 'creationIds' | 'using' | 'followWith'> & {
  readonly methods: ReadonlyMap<string, Method>;
  readonly sessionState: string;
  readonly reportBug: (error: unknown) => void;
};

export async function processRequest(request: JmapRequest, environment: RequestEnvironment): Promise<JsonObject> {
  const creationIds = new CreationIds(request.createdIds);
  const responses: Invocation[] = [];
  for (const call of request.methodCalls) await runCall(call, { request, environment, creationIds, responses });
  const createdIds = request.createdIds === null ? {} : { createdIds: creationIds };
  return { methodResponses: responses, ...createdIds, sessionState: environment.sessionState };
}

interface Run {
  readonly request: JmapRequest;
  readonly environment: RequestEnvironment;
  readonly creationIds: CreationIds;
  readonly responses: Invocation[];
}

async function runCall([name, arguments_, callId]: Invocation, run: Run): Promise<void> {
  const followers: Invocation[] = [];
  try {
    const method = methodNamed(name, run);
    const context = contextOf(run, (next, nextArguments) => followers.push([next, nextArguments, callId]));
    run.responses.push([name, await method.call(resolveReferences(arguments_, run.responses), context), callId]);
  } catch (error) {
    if (isBug(error)) run.environment.reportBug(error);
    run.responses.push(['error', errorArguments(error), callId]);
  }
  for (const follower of followers) await runCall(follower, run);
}

function methodNamed(name: string, { request, environment }: Run): Method {
  const method = environment.methods.get(name);
  if (!method || !request.using.has(method.capability)) throw new JmapError('unknownMethod');
  return method;
}

function contextOf({ request, environment, creationIds }: Run, followWith: MethodContext['followWith']): MethodContext {
  const { account, limits, clock, random } = environment;
  return { account, limits, clock, random, creationIds, using: request.using, followWith };
}
