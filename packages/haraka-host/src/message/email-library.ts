// haraka-email-message writes to the console, from the moment it is loaded, and header fields that it dislikes among the rest. So it is
// loaded here only, and by hand: what is imported may be loaded before any line of ours has run.

import { createRequire } from 'node:module';
import type emailLibrary from 'haraka-email-message';
import { addLogMethods, type LogSink } from '../logging/log-methods.js';

const requireHere = createRequire(import.meta.url);
const logger = requireHere('haraka-email-message/lib/logger.js') as Record<'lognotice' | 'logwarn' | 'logerror', () => void>;
logger.lognotice = logger.logwarn = logger.logerror = () => undefined;

export const email = requireHere('haraka-email-message') as typeof emailLibrary;

/** From now on its lines are lines of plugins. */
export function routeEmailLibraryLog(sink: LogSink): void {
  addLogMethods(logger, sink, () => ({ origin: 'email-message' }));
}
