import type { z } from 'zod';
import { invalidProperties, type SetRefusal } from './set-error.js';

/** "invalidProperties" with the names of all properties that break a schema; never their values. */
export function schemaRefusal(error: z.ZodError): SetRefusal {
  const names = error.issues.flatMap((issue) => {
    if (issue.path.length === 0 && issue.code === 'unrecognized_keys') return issue.keys;
    return issue.path.slice(0, 1).map(String);
  });
  return invalidProperties(...new Set(names));
}
