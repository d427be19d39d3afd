// PatchObject, RFC 8620 §5.3: JSON pointers without their first "/" to new values; null takes a member away.

import { isJsonObject, type JsonObject } from '../json.js';
import { pointerTokens } from '../request/json-pointer.js';

/** The object after the patch, which is a copy; `null` when the patch breaks the rules ("invalidPatch"). */
export function applyPatch(current: JsonObject, patch: JsonObject): JsonObject | null {
  if (hasPrefixConflict(Object.keys(patch))) return null;
  const patched = structuredClone(current);
  for (const [pointer, value] of Object.entries(patch)) {
    if (!applyOne(patched, pointerTokens(pointer), value)) return null;
  }
  return patched;
}

/** No pointer may be a prefix of another: the result would depend on their order. */
function hasPrefixConflict(pointers: readonly string[]): boolean {
  const all = new Set(pointers);
  return pointers.some((pointer) => parentsOf(pointer).some((parent) => all.has(parent)));
}

function parentsOf(pointer: string): string[] {
  const tokens = pointer.split('/');
  return tokens.slice(1).map((_, index) => tokens.slice(0, index + 1).join('/'));
}

/** Every part before the last must exist and be an object: a patch never reaches into an array. */
function applyOne(target: JsonObject, tokens: readonly string[], value: unknown): boolean {
  let parent = target;
  for (const token of tokens.slice(0, -1)) {
    const next = Object.hasOwn(parent, token) ? parent[token] : undefined;
    if (!isJsonObject(next)) return false;
    parent = next;
  }
  setMember(parent, tokens.at(-1) ?? '', value);
  return true;
}

function setMember(parent: JsonObject, name: string, value: unknown): void {
  if (value === null) delete parent[name];
  else Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}
