import { Redacted } from '@paloma/shared-model';
import { z } from 'zod';

/** Longer ones are no passphrase that somebody types. */
const MAX_PASSPHRASE_CHARS = 1024;

export const PASSPHRASE = z.string().min(1).max(MAX_PASSPHRASE_CHARS).transform((text) => new Redacted(text));
