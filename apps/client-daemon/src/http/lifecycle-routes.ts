// docs/protocol/control-api.md §1: passphrase, recovery code, devices and storage root of one account.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Redacted, type AccountId } from '@paloma/shared-model';
import { z } from 'zod';
import type { AccountLifecycle } from '../accounts/account-lifecycle.js';
import { readJson, sendJson } from './json-body.js';

export const passphraseField = z.string().min(1).max(1024).transform((text) => new Redacted(text));

type LifecycleAction = (lifecycle: AccountLifecycle, accountId: AccountId, request: IncomingMessage, response: ServerResponse, replicaUid: string) => Promise<void>;

/** By method and the path behind the account's; `*` stands for one segment. */
export const LIFECYCLE_ACTIONS: Readonly<Record<string, LifecycleAction>> = {
  async 'POST passphrase'(lifecycle, accountId, request, response) {
    const body = await readJson(request, z.strictObject({ passphrase: passphraseField, newPassphrase: passphraseField }));
    await lifecycle.changePassphrase(accountId, body.passphrase, body.newPassphrase);
    sendJson(response, 204);
  },
  async 'POST recovery-code'(lifecycle, accountId, request, response) {
    const body = await readJson(request, z.strictObject({ passphrase: passphraseField }));
    const { code, html, text } = await lifecycle.createRecoveryCode(accountId, body.passphrase);
    sendJson(response, 201, { code, kit: { html, text } });
  },
  async 'GET devices'(lifecycle, accountId, _request, response) {
    sendJson(response, 200, { devices: await lifecycle.listDevices(accountId) });
  },
  async 'DELETE devices/*'(lifecycle, accountId, _request, response, replicaUid) {
    await lifecycle.removeDevice(accountId, replicaUid);
    sendJson(response, 204);
  },
  async 'POST rotate'(lifecycle, accountId, request, response) {
    const body = await readJson(request, z.strictObject({ lockOut: z.strictObject({ passphrase: passphraseField }).optional() }));
    await lifecycle.rotate(accountId, body.lockOut ?? null);
    sendJson(response, 202);
  },
};
