// The shape that all /set methods share, RFC 8620 §5.3: limits, ifInState, creation ids, order (create, update,
// destroy) and the answer. What an object of a type is, its SetTarget knows.

import { z } from 'zod';
import type { ChangeList } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { MethodContext } from '../method.js';
import { refuse, type SetError, type SetOutcome } from './set-error.js';

export const JSON_OBJECT = z.record(z.string(), z.unknown());
/** RFC 8620 §1.2. */
export const CREATION_ID = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/);

export const SET_ARGUMENTS = {
  ifInState: z.string().nullish(),
  create: z.record(CREATION_ID, JSON_OBJECT).nullish(),
  update: z.record(z.string(), JSON_OBJECT).nullish(),
  destroy: z.array(z.string()).nullish(),
};

export interface SetArguments {
  ifInState?: string | null | undefined;
  create?: Record<string, JsonObject> | null | undefined;
  update?: Record<string, JsonObject> | null | undefined;
  destroy?: readonly string[] | null | undefined;
}

export type Outcomes<Value> = ReadonlyMap<string, SetOutcome<Value>>;
export type CreatedObject = JsonObject & { readonly id: string };

export interface SetTarget {
  state(): Promise<string>;
  changesSince(sinceState: string, maxChanges: number): Promise<ChangeList | null>;
  /** Puts creations that refer to one another in order; as they come when absent. */
  inCreationOrder?(objects: readonly [creationId: string, object: JsonObject][]): readonly [creationId: string, object: JsonObject][];
  /** The properties of the new object that the client could not know, `id` among them. */
  create(object: JsonObject, creationId: string): Promise<SetOutcome<CreatedObject>>;
  /** An outcome for every id; its value: properties changed other than as asked, or null. */
  update(patches: ReadonlyMap<string, JsonObject>): Promise<Outcomes<JsonObject | null>>;
  destroy(ids: readonly string[]): Promise<Outcomes<null>>;
}

export function answerSet(arguments_: SetArguments, target: SetTarget, account: AccountContext, context: MethodContext): Promise<JsonObject> {
  assertSetSize(arguments_, context);
  return account.inTurn(async () => {
    const oldState = await target.state();
    assertInState(arguments_.ifInState, oldState);
    const created = await createAll(arguments_.create ?? {}, target, context);
    const destroyIds = (arguments_.destroy ?? []).map((id) => context.creationIds.resolve(id) ?? id);
    const updated = await updateAll(arguments_.update ?? {}, new Set(destroyIds), target, context);
    const destroyed = destroyIds.length > 0 ? await target.destroy([...new Set(destroyIds)]) : new Map<string, SetOutcome<null>>();
    const touchedIds = new Set([...updated.keys(), ...destroyed.keys(), ...createdIdsOf(created)]);
    return { oldState, newState: await stateAfter(oldState, touchedIds, target), ...formatOutcomes(created, updated, destroyed) };
  });
}

/** @throws {JmapError} "stateMismatch" */
export function assertInState(ifInState: string | null | undefined, state: string): void {
  if (ifInState != null && ifInState !== state) throw new JmapError('stateMismatch');
}

function assertSetSize({ create, update, destroy }: SetArguments, { limits }: MethodContext): void {
  const count = Object.keys(create ?? {}).length + Object.keys(update ?? {}).length + (destroy ?? []).length;
  if (count > limits.maxObjectsInSet) throw new JmapError('requestTooLarge', `more than ${limits.maxObjectsInSet} objects`);
}

async function createAll(objects: Record<string, JsonObject>, target: SetTarget, { creationIds }: MethodContext): Promise<Outcomes<CreatedObject>> {
  const outcomes = new Map<string, SetOutcome<CreatedObject>>();
  const entries = Object.entries(objects);
  for (const [creationId, object] of target.inCreationOrder?.(entries) ?? entries) {
    const outcome = await target.create(object, creationId);
    if (outcome.ok) creationIds.record(creationId, outcome.value.id);
    outcomes.set(creationId, outcome);
  }
  return outcomes;
}

async function updateAll(
  patches: Record<string, JsonObject>,
  destroyIds: ReadonlySet<string>,
  target: SetTarget,
  { creationIds }: MethodContext,
): Promise<Outcomes<JsonObject | null>> {
  const outcomes = new Map<string, SetOutcome<JsonObject | null>>();
  const accepted = new Map<string, JsonObject>();
  for (const [idOrReference, patch] of Object.entries(patches)) {
    const id = creationIds.resolve(idOrReference);
    if (id === null) outcomes.set(idOrReference, refuse('notFound'));
    else if (destroyIds.has(id)) outcomes.set(id, refuse('willDestroy'));
    else accepted.set(id, patch);
  }
  if (accepted.size > 0) for (const [id, outcome] of await target.update(accepted)) outcomes.set(id, outcome);
  return outcomes;
}

/**
 * The state after the call. When somebody else changed other objects meanwhile, the old state is answered: a client that
 * took the new one for "the old one and my changes" would never hear of theirs.
 */
async function stateAfter(oldState: string, touchedIds: ReadonlySet<string>, target: SetTarget): Promise<string> {
  const changes = await target.changesSince(oldState, touchedIds.size + 1);
  if (!changes || changes.hasMoreChanges) return oldState;
  const changedIds = [...changes.created, ...changes.updated, ...changes.destroyed];
  return changedIds.every((id) => touchedIds.has(id)) ? changes.newState : oldState;
}

function createdIdsOf(created: Outcomes<CreatedObject>): string[] {
  return [...created.values()].flatMap((outcome) => (outcome.ok ? [outcome.value.id] : []));
}

function formatOutcomes(created: Outcomes<CreatedObject>, updated: Outcomes<JsonObject | null>, destroyed: Outcomes<null>): JsonObject {
  return {
    created: orNull(successes(created)),
    updated: orNull(successes(updated)),
    destroyed: orNull(Object.keys(successes(destroyed))),
    notCreated: orNull(failures(created)),
    notUpdated: orNull(failures(updated)),
    notDestroyed: orNull(failures(destroyed)),
  };
}

function successes<Value>(outcomes: Outcomes<Value>): Record<string, Value> {
  return Object.fromEntries([...outcomes].flatMap(([id, outcome]) => (outcome.ok ? [[id, outcome.value]] : [])));
}

export function failures(outcomes: Outcomes<unknown>): Record<string, SetError> {
  return Object.fromEntries([...outcomes].flatMap(([id, outcome]) => (outcome.ok ? [] : [[id, outcome.error]])));
}

/** RFC 8620 §5.3: "or null if none". */
export function orNull<Collection extends object>(collection: Collection): Collection | null {
  return Object.keys(collection).length > 0 ? collection : null;
}
