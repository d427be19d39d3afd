// Upload and download of RFC 8620 §6, with the bearer token (an <a href> or <img src> could not send it).

import { expandUrl, type AuthorizedHttp } from './http.js';
import type { JmapSession } from './types.js';

export interface UploadedBlob {
  blobId: string;
  type: string;
  size: number;
}

export class BlobStore {
  constructor(private readonly http: AuthorizedHttp, private readonly session: JmapSession, private readonly accountId: string) {}

  /** @throws {JmapError} "tooLarge", "network", "unauthorized" or "protocol" */
  async upload(file: Blob, signal?: AbortSignal): Promise<UploadedBlob> {
    const url = expandUrl(this.session.uploadUrl, { accountId: this.accountId });
    const headers = { 'Content-Type': file.type || 'application/octet-stream' };
    const response = await this.http.request(url, { method: 'POST', body: file, headers, ...(signal ? { signal } : {}) });
    return await response.json() as UploadedBlob;
  }

  /** The caller decides on the type; the server is asked for plain octets. */
  async download(blobId: string, name: string): Promise<Blob> {
    const url = expandUrl(this.session.downloadUrl, { accountId: this.accountId, blobId, name, type: 'application/octet-stream' });
    return (await this.http.request(url)).blob();
  }
}
