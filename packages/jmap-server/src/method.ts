// What a method is to the request processor, and how one is declared.

import { z } from 'zod';
import type { Clock, RandomSource } from '@paloma/shared-model';
import type { AccountContext } from './account-context.js';
import type { Capability } from './capabilities.js';
import { JmapError } from './jmap-error.js';
import type { JsonObject } from './json.js';
import type { JmapLimits } from './limits.js';
import type { CreationIds } from './request/creation-ids.js';

export interface MethodContext {
  /** @throws {JmapError} "accountNotFound" */
  account(accountId: string): AccountContext;
  readonly creationIds: CreationIds;
  readonly using: ReadonlySet<Capability>;
  readonly limits: JmapLimits;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Runs a further call after this one and under its call id (RFC 8621 §7.5, implicit `Email/set`). */
  followWith(name: string, arguments_: JsonObject): void;
}

export interface Method {
  /** `Type/verb`. */
  readonly name: string;
  readonly capability: Capability;
  call(arguments_: JsonObject, context: MethodContext): Promise<JsonObject>;
}

interface AccountMethodDefinition<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly capability: Capability;
  /** Arguments other than `accountId`. Unknown ones are refused. */
  readonly arguments: Shape;
  run(arguments_: z.output<z.ZodObject<Shape>>, account: AccountContext, context: MethodContext): Promise<JsonObject>;
}

/** A method on one account: checks the arguments, finds the account and puts its id into the answer. */
export function accountMethod<Shape extends z.ZodRawShape>(definition: AccountMethodDefinition<Shape>): Method {
  const accountArgument = z.object({ accountId: z.string() });
  const otherArguments = z.strictObject(definition.arguments);
  return {
    name: definition.name,
    capability: definition.capability,
    async call(arguments_, context) {
      const { accountId } = parseArguments(accountArgument, arguments_);
      const account = context.account(accountId);
      const { accountId: _, ...others } = arguments_;
      const answer = await definition.run(parseArguments(otherArguments, others), account, context);
      return { accountId, ...answer };
    },
  };
}

function parseArguments<Schema extends z.ZodType>(schema: Schema, arguments_: JsonObject): z.output<Schema> {
  const parsed = schema.safeParse(arguments_);
  if (parsed.success) return parsed.data;
  throw new JmapError('invalidArguments', describeIssue(parsed.error.issues[0]));
}

/** Names the argument, never its value. */
function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return 'an argument is not known';
  return `at ${issue?.path.join('/') ?? ''}`;
}
