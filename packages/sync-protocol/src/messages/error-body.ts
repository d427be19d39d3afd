import { z } from 'zod';
import { WIRE_ERRORS, type WireErrorCode } from '@paloma/shared-model';

/** JSON body of every answer that is an error, docs/protocol/sync.md §1. */
export const errorBody = z.object({ error: z.enum(Object.keys(WIRE_ERRORS) as [WireErrorCode, ...WireErrorCode[]]) });
