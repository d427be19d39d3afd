import { CORE } from '../capabilities.js';
import type { Method } from '../method.js';

/** RFC 8620 §4. */
export const coreEcho: Method = { name: 'Core/echo', capability: CORE, call: async (arguments_) => arguments_ };
