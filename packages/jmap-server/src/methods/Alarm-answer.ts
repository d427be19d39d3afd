import { z } from 'zod';
import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { settingsOf } from './account-settings.js';

/** The user's word about what the provider did: docs/protocol/jmap.md. */
export const alarmAnswer = accountMethod({
  name: 'Alarm/answer',
  capability: SETTINGS,
  arguments: { answer: z.enum(['dismiss', 'acceptRestoredProvider', 'startAfresh']) },
  async run({ answer }, account) {
    settingsOf(account).answerAlarm(answer);
    return {};
  },
});
