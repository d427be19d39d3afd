// What plugins get for Haraka's `outbound`: the host has no queue of outgoing mail, so whatever they want to send is put off. A plugin
// that wants it for a part of its work can do the rest.

import { DENYSOFT, type NextCode } from '../hooks/next-code.js';

type Next = (code: NextCode, message: string) => void;

const refuse = (next?: Next): void => next?.(DENYSOFT, '4.3.2 this host sends no mail');

export const noOutbound = {
  send_email: (_from: unknown, _to: unknown, _contents: unknown, next?: Next): void => refuse(next),
  send_trans_email: (_transaction: unknown, next?: Next): void => refuse(next),
};
