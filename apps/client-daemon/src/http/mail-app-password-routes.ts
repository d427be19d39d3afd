// docs/protocol/control-api.md §1: the passwords of mail programs.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccountId } from '@paloma/shared-model';
import { z } from 'zod';
import type { AccountRegistry } from '../accounts/account-registry.js';
import { HttpError } from './http-error.js';
import { readJson, sendJson } from './json-body.js';

type RegistryAction = (context: { registry: AccountRegistry }, accountId: AccountId, request: IncomingMessage, response: ServerResponse, passwordId: string) => Promise<void>;

const newPassword = z.strictObject({ name: z.string().trim().min(1).max(100), unlocksAccount: z.boolean().default(false) });

/** By method and the path behind the account's; `*` stands for one segment. */
export const MAIL_APP_PASSWORD_ACTIONS: Readonly<Record<string, RegistryAction>> = {
  async 'GET mail-app-passwords'({ registry }, accountId, _request, response) {
    sendJson(response, 200, { passwords: registry.opened(accountId).mailAppPasswords.list() });
  },
  async 'POST mail-app-passwords'({ registry }, accountId, request, response) {
    const { passwordId, password } = await registry.createMailAppPassword(accountId, await readJson(request, newPassword));
    sendJson(response, 201, { passwordId, password: password.reveal() });
  },
  async 'DELETE mail-app-passwords/*'({ registry }, accountId, _request, response, passwordId) {
    if (!registry.opened(accountId).mailAppPasswords.revoke(passwordId)) throw new HttpError('notFound', 'There is no such password: it was revoked already, or never was.');
    sendJson(response, 204);
  },
};
