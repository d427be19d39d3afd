// What the app and the mail view say to each other by postMessage. The view runs beside hostile content, so the app takes
// nothing of it on trust: `parseFrameMessage` checks each field and its size.

/** To the view, once, after it said `ready`. */
export interface ShowContent {
  kind: 'show';
  content: MailContent;
  scheme: 'light' | 'dark';
}

export type MailContent =
  | { type: 'text'; text: string }
  /** `inlineImages`: data: URLs of raster images by Content-ID (RFC 2392), without angle brackets. */
  | { type: 'html'; html: string; inlineImages: Readonly<Record<string, string>> };

/** From the view. */
export type FrameMessage =
  | { kind: 'ready' }
  | { kind: 'height'; heightPx: number }
  | { kind: 'link'; url: string; text: string }
  | { kind: 'blocked'; count: number }
  | { kind: 'key'; key: string };

/** Taller mail scrolls inside its frame. A mail that grows with its frame would otherwise never stop. */
export const MAX_FRAME_HEIGHT_PX = 30_000;
const MAX_URL_CHARS = 8_192;
const MAX_LINK_TEXT_CHARS = 500;
const MAX_BLOCKED_COUNT = 9_999;

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const PARSERS: { [Kind in FrameMessage['kind']]: (data: Record<string, unknown>) => FrameMessage | null } = {
  ready: () => ({ kind: 'ready' }),
  height: ({ heightPx }) => (isCount(heightPx) ? { kind: 'height', heightPx: Math.min(heightPx, MAX_FRAME_HEIGHT_PX) } : null),
  link: ({ url, text }) => (typeof url === 'string' && url.length <= MAX_URL_CHARS && typeof text === 'string'
    ? { kind: 'link', url, text: text.slice(0, MAX_LINK_TEXT_CHARS) } : null),
  blocked: ({ count }) => (isCount(count) ? { kind: 'blocked', count: Math.min(Math.floor(count), MAX_BLOCKED_COUNT) } : null),
  key: ({ key }) => (typeof key === 'string' && (key.length === 1 || key === 'Escape') ? { kind: 'key', key } : null),
};

/** `null` for anything that is not exactly one of the messages. */
export function parseFrameMessage(data: unknown): FrameMessage | null {
  if (typeof data !== 'object' || data === null) return null;
  const { kind } = data as { kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(PARSERS, kind) ? PARSERS[kind as FrameMessage['kind']](data as Record<string, unknown>) : null;
}
