// What we use of Haraka's own libraries, which carry no types.

declare module 'haraka-constants' {
  const constants: Record<
    'cont' | 'stop' | 'deny' | 'denysoft' | 'denydisconnect' | 'disconnect' | 'ok' | 'next_hook' | 'delay' | 'denysoftdisconnect', number
  > & {
    import(target: object): void;
    translate(code: number): string;
    connection: { state: Record<'CMD' | 'LOOP' | 'DATA' | 'PAUSE' | 'DISCONNECTING' | 'DISCONNECTED', number> };
  };
  export default constants;
}

declare module 'haraka-config' {
  export interface Config {
    root_path: string;
    overrides_path?: string;
    get(name: string, ...typeOptionsOrOnChange: unknown[]): unknown;
    module_config(defaultsPath: string, overridesPath?: string): Config;
    /** Stops watching a file and the directory that it lies in. */
    stop_watching(name: string): void;
  }
  const config: Config;
  export default config;
}

declare module 'haraka-tld' {
  const tld: {
    /** Its lists are read. */
    ready: Promise<void>;
  };
  export default tld;
}

declare module 'haraka-notes' {
  export default class Notes {
    get(path: string | string[]): unknown;
    set(path: string | string[], value: unknown, onlyWhenUndefined?: boolean): void;
    [note: string]: unknown;
  }
}

declare module 'haraka-results' {
  export default class ResultStore {
    constructor(connection: object);
    add(plugin: { name: string }, result: object): void;
    push(plugin: { name: string }, result: object): void;
    incr(plugin: { name: string }, result: object): void;
    get(plugin: string | { name: string }): Record<string, unknown> | undefined;
    has(plugin: string | { name: string }, list: string, search: unknown): boolean;
    collate(plugin: string | { name: string }): string | undefined;
    get_all(): Record<string, unknown>;
  }
}

declare module 'haraka-email-message' {
  import type { Writable } from 'node:stream';
  import type { EventEmitter } from 'node:events';

  export class Header {
    header_list: string[];
    /** Fields that were left out of the list. */
    invalid_headers?: string[];
    parse(lines: string[]): void;
    get(name: string): string;
    get_all(name: string): readonly string[];
    get_decoded(name: string): string;
    add(name: string, value: string): void;
    add_end(name: string, value: string): void;
    remove(name: string): void;
    lines(): readonly string[];
  }
  export class Body extends EventEmitter {
    constructor(header: Header);
    set_banner(texts: readonly [string, string]): void;
    add_filter(filter: (contentType: string, encoding: string, part: Buffer) => Buffer): void;
    parse_more(line: Buffer | string): Buffer;
    parse_end(): Buffer;
    force_end(): void;
  }
  export class stream extends EventEmitter {
    constructor(settings: { main: { spool_after: number } }, id: string, headers: string[]);
    add_line(line: Buffer | string): void;
    add_line_end(done?: () => void): void;
    pipe<Target extends Writable>(target: Target, options?: object): Target;
    destroy(): void;
  }
  const email: { Header: typeof Header; Body: typeof Body; stream: typeof stream };
  export default email;
}

declare module 'haraka-net-utils' {
  import type { Server } from 'node:net';

  const netUtils: {
    /** `address:port` or the path of a socket. What it cannot read it gives an error for, without throwing it. */
    endpoint(address: string, defaultPort: number): { bind(server: Server): Promise<void> } | Error;
    is_private_ip(address: string): boolean;
    is_local_ip(address: string): boolean;
  };
  export default netUtils;
}

declare module 'haraka-utils' {
  const utils: {
    /** Without control characters. */
    sanitize(text: string): string;
    date_to_str(date: Date): string;
  };
  export default utils;
}
