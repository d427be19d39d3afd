// The shape that all /changes methods share, RFC 8620 §5.2.

import { z } from 'zod';
import type { ChangeList } from '@paloma/mail-store/port';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';

export const CHANGES_ARGUMENTS = { sinceState: z.string(), maxChanges: z.number().int().positive().nullish() };

export interface ChangesArguments {
  sinceState: string;
  maxChanges?: number | null | undefined;
}

/** @throws {JmapError} "cannotCalculateChanges" */
export async function answerChanges(
  { sinceState, maxChanges }: ChangesArguments,
  limits: JmapLimits,
  changesSince: (sinceState: string, maxChanges: number) => ChangeList | null | Promise<ChangeList | null>,
): Promise<JsonObject> {
  const changes = await changesSince(sinceState, Math.min(maxChanges ?? limits.maxChanges, limits.maxChanges));
  if (!changes) throw new JmapError('cannotCalculateChanges');
  return { oldState: sinceState, ...changes };
}
