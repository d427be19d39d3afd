// What a plugin may say with `next(code, message)`.

import constants from 'haraka-constants';

export type NextCode = number;

export const { cont: CONT, deny: DENY, denysoft: DENYSOFT, denydisconnect: DENYDISCONNECT, denysoftdisconnect: DENYSOFTDISCONNECT,
  disconnect: DISCONNECT, ok: OK, next_hook: NEXT_HOOK } = constants;

const DENIALS: ReadonlySet<NextCode> = new Set([DENY, DENYSOFT, DENYDISCONNECT, DENYSOFTDISCONNECT]);

export const isDenial = (code: NextCode): boolean => DENIALS.has(code);
export const isTemporary = (code: NextCode): boolean => code === DENYSOFT || code === DENYSOFTDISCONNECT;
export const endsConnection = (code: NextCode): boolean => code === DENYDISCONNECT || code === DENYSOFTDISCONNECT || code === DISCONNECT;

/** A delivery status with a reply of its own, as haraka-dsn makes them. */
export interface StatusMessage {
  code: number;
  reply: string;
}

export type PluginMessage = string | string[] | StatusMessage;

/** What a hook came to. `gone`: the client left before its plugins had spoken. */
export interface Verdict {
  code: NextCode;
  message?: PluginMessage | undefined;
  gone?: true;
}

export function isStatusMessage(message: unknown): message is StatusMessage {
  return typeof message === 'object' && message !== null && message.constructor.name === 'DSN';
}

/** The text of a message, without its reply code. */
export function textOf(message: PluginMessage): string | string[] {
  return isStatusMessage(message) ? message.reply : message as string | string[];
}
