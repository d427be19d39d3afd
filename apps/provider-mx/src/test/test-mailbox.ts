import { decrypt, generateKey, readMessage, type PrivateKey } from 'openpgp';

/** A user's key pair for tests: the certificate is what the provider knows, `open` is what a device does. */
export class TestMailbox {
  private constructor(readonly certificate: Uint8Array, private readonly privateKey: PrivateKey) {}

  static async create(address: string, options: { date?: Date; expiresAfterSeconds?: number } = {}): Promise<TestMailbox> {
    const { privateKey, publicKey } = await generateKey({
      type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ email: address }], format: 'object',
      date: options.date ?? new Date('2025-01-01'), keyExpirationTime: options.expiresAfterSeconds ?? 0,
    });
    return new TestMailbox(publicKey.write(), privateKey);
  }

  async open(item: Uint8Array): Promise<string> {
    const message = await readMessage({ binaryMessage: item });
    const { data } = await decrypt({ message, decryptionKeys: this.privateKey, format: 'binary' });
    return Buffer.from(data).toString();
  }
}
