// Parser of `text/event-stream` (WHATWG HTML §9.2.6), for streams read with fetch: EventSource cannot send the token.

export interface ServerSentEvent {
  event: string;
  data: string;
}

/** Longest line kept, in characters. A line without end would otherwise grow until the tab dies. */
const MAX_LINE_CHARS = 1_000_000;

/** Takes text in pieces of any size and gives out each event as soon as its empty line is there. */
export class EventStreamParser {
  #rest = '';
  #event = '';
  #data: string[] = [];

  push(text: string): ServerSentEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE_CHARS);
    return lines.flatMap((line) => this.#takeLine(line));
  }

  #takeLine(line: string): ServerSentEvent[] {
    if (line === '') return this.#dispatch();
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    return [];
  }

  #dispatch(): ServerSentEvent[] {
    const events = this.#data.length === 0 ? [] : [{ event: this.#event || 'message', data: this.#data.join('\n') }];
    this.#event = '';
    this.#data = [];
    return events;
  }
}
