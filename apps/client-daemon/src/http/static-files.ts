// The built web UA, read once at start: a fixed table of paths, so no request ever becomes a file name.

import { readFileSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

interface StaticFile {
  octets: Buffer;
  mediaType: string;
  /** Names with a content hash never change. */
  isImmutable: boolean;
}

export class StaticFiles {
  readonly #files = new Map<string, StaticFile>();

  constructor(directory: string) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const urlPath = `/${relative(directory, path).split(sep).join('/')}`;
      this.#files.set(urlPath, { octets: readFileSync(path), mediaType: MEDIA_TYPES[extname(path)] ?? 'application/octet-stream', isImmutable: urlPath.startsWith('/assets/') });
    }
  }

  /** Answers when the path is known. */
  serve(urlPath: string, response: ServerResponse, headers: Record<string, string>): boolean {
    const file = this.#files.get(urlPath);
    if (!file) return false;
    response.writeHead(200, {
      'content-type': file.mediaType,
      'content-length': file.octets.length,
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      ...headers,
    });
    response.end(file.octets);
    return true;
  }
}
