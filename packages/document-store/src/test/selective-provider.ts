import { parseGeneration, type OpaqueDocumentId } from '@paloma/shared-model';
import type { PullItem } from '@paloma/sync-protocol';
import type { MemoryProvider } from '../provider/memory-provider.js';
import type { PullPage, SyncTransport } from '../provider/sync-transport.js';

/** A provider that is honest but for what it shows this one device: each item of a pull passes `show`, which may drop or change it. */
export function selectiveProvider(provider: MemoryProvider, show: (item: PullItem) => PullItem | null): SyncTransport {
  return Object.assign(Object.create(provider) as SyncTransport, {
    info: () => provider.info(),
    push: provider.push.bind(provider),
    uploadBlobs: provider.uploadBlobs.bind(provider),
    hasBlob: provider.hasBlob.bind(provider),
    uploadBlob: provider.uploadBlob.bind(provider),
    downloadBlobs: provider.downloadBlobs.bind(provider),
    fetchBlob: provider.fetchBlob.bind(provider),
    fetchBlobPart: provider.fetchBlobPart.bind(provider),
    deleteBlob: provider.deleteBlob.bind(provider),
    listBlobs: provider.listBlobs.bind(provider),
    async pull(request: Parameters<SyncTransport['pull']>[0]): Promise<PullPage> {
      const page = await provider.pull(request);
      return { ...page, items: page.items.map(show).filter((item) => item !== null) };
    },
  });
}

/** What a provider held at one moment, to be shown again later. */
export function snapshotOf(provider: MemoryProvider): ReadonlyMap<OpaqueDocumentId, PullItem> {
  return new Map([...provider.documents].map(([id, item]) => [id, { ...item, generation: parseGeneration(item.generation) }]));
}
