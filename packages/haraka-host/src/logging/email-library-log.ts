// haraka-email-message writes to the console, from the moment it is loaded, and header fields that it dislikes among the rest. Import
// this before anything that loads it.

import emailLogger from 'haraka-email-message/lib/logger.js';
import { addLogMethods, type LogSink } from './log-methods.js';

emailLogger.lognotice = emailLogger.logwarn = emailLogger.logerror = () => undefined;

/** From now on its lines are lines of plugins. */
export function routeEmailLibraryLog(sink: LogSink): void {
  addLogMethods(emailLogger, sink, () => ({ origin: 'email-message' }));
}
