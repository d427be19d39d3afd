/** A copy without some members: what two stores may differ in. */
export function without<T extends object, Name extends keyof T>(value: T, ...names: Name[]): Omit<T, Name> {
  const left = { ...value };
  for (const name of names) delete left[name];
  return left;
}
