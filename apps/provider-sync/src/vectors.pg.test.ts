// The provider, over its real HTTP surface, against the vectors that providers in other languages are held to
// (packages/sync-protocol/vectors/README.md).

import { expect, test } from '@jest/globals';
import { infoAnswer, usersPaths } from '@paloma/sync-protocol';
import { readSyncVectors, readVectorOctets, type VectorOctets } from '@paloma/test-kit';
import { WIRE_ERRORS, type BlobNamespace, type WireErrorCode } from '@paloma/shared-model';
import { providerForTests } from './test/provider-under-test.js';
import { jsonOf } from './test/test-client.js';
import { VectorConversation, type Conversation } from './test/vector-conversation.js';

interface Invalid {
  name: string;
  octets: VectorOctets;
  code: WireErrorCode;
  message?: string;
}

const NAMESPACE = 'attachments' as BlobNamespace;
/** Where a client sends what the vectors name. */
const PATH_BY_MESSAGE: Record<string, string> = {
  pullRequest: usersPaths.pull, leaseRequest: usersPaths.incomingLease, incomingFetchRequest: usersPaths.incomingFetch, settleRequest: usersPaths.incomingSettle,
  blobsDownRequest: usersPaths.blobsDown(NAMESPACE),
};

const { conversations } = readSyncVectors<{ conversations: Conversation[] }>('provider');
const { invalidBodies, invalidStreams } = readSyncVectors<{ invalidBodies: Invalid[]; invalidStreams: Invalid[] }>('messages');
/** One for each quota that a conversation needs. */
const quotas = new Set([undefined, ...conversations.map(({ quotaBytes }) => quotaBytes)]);
const providerOf = new Map([...quotas].map((quotaBytes) => [quotaBytes, providerForTests(quotaBytes === undefined ? {} : { quotaBytes })]));

test.each(conversations.map((conversation) => [conversation.name, conversation] as const))('conversation: %s', async (_name, { quotaBytes, steps }) => {
  const provider = providerOf.get(quotaBytes)!;
  await new VectorConversation(await provider.client().signUp(), provider.clock).play(steps);
});

test.each(refused())('refused: %s', async (_name, path, octets, code) => {
  const client = await providerOf.get(undefined)!.client().signUp();
  const answer = await client.users('POST', path, { body: readVectorOctets(octets) });
  expect([answer.status, jsonOf(answer)]).toEqual([WIRE_ERRORS[code][0], { error: code }]);
  expect(await client.cbor(infoAnswer, 'GET', usersPaths.info)).toMatchObject({ generation: 0, usedBytes: 0 });
});

function refused(): [name: string, path: string, octets: VectorOctets, code: WireErrorCode][] {
  const bodies = invalidBodies.flatMap(({ name, message = '', octets, code }) => {
    const path = PATH_BY_MESSAGE[message];
    return path === undefined ? [] : [[name, path, octets, code] as [string, string, VectorOctets, WireErrorCode]];
  });
  return [...bodies, ...invalidStreams.map(({ name, octets, code }): [string, string, VectorOctets, WireErrorCode] => [name, usersPaths.push, octets, code])];
}
