// What the MX cannot leave out for a message, each done in the barest way on as many octets: encrypting it, and storing the row so that it
// is durable. And what others do: gpg started for each message, as a pipe of an MTA would.

import { mkdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createMessage, encrypt, enums, generateKey, type PublicKey } from 'openpgp';
import pg from 'pg';
import { runProgram } from '../foreign/installed-program.js';

const CONNECTIONS = 10;
/** As many as the machines have that this was made for. */
const GPG_PROCESSES = 2;

export class MxFloor {
  private constructor(private readonly publicKey: PublicKey, private readonly pool: pg.Pool, private readonly gpgHome: string) {}

  static async start(databaseUrl: string, directory: string): Promise<MxFloor> {
    const { publicKey } = await generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ email: 'floor@example.org' }], format: 'object' });
    const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
    await pool.query('CREATE TABLE mx_floor (id bigserial PRIMARY KEY, octets bytea NOT NULL); ALTER TABLE mx_floor ALTER COLUMN octets SET STORAGE EXTERNAL');
    const gpgHome = join(directory, 'gpg');
    mkdirSync(gpgHome, { mode: 0o700 });
    return new MxFloor(publicKey, pool, gpgHome);
  }

  async encryptionsPerSecond(count: number, sizeBytes: number): Promise<number> {
    const octets = Buffer.alloc(sizeBytes, 'x');
    return perSecond(count, 1, async () => void await encrypt({
      message: await createMessage({ binary: octets }), encryptionKeys: this.publicKey, format: 'binary', config: { preferredCompressionAlgorithm: enums.compression.uncompressed },
    }));
  }

  async insertsPerSecond(count: number, sizeBytes: number): Promise<number> {
    const octets = Buffer.alloc(sizeBytes, 'x');
    const rate = await perSecond(count, CONNECTIONS, async () => void await this.pool.query('INSERT INTO mx_floor (octets) VALUES ($1)', [octets]));
    await this.pool.query('TRUNCATE mx_floor');
    return rate;
  }

  async gpgPipesPerSecond(count: number, sizeBytes: number): Promise<number> {
    await runProgram('gpg', ['--batch', '--quiet', '--import'], { home: this.gpgHome, input: this.publicKey.armor() });
    const octets = Buffer.alloc(sizeBytes, 'x');
    return perSecond(count, GPG_PROCESSES, async () => {
      const gpg = spawn('gpg', ['--batch', '--quiet', '--trust-model', 'always', '--compress-algo', 'none', '--recipient', 'floor@example.org', '--encrypt'], {
        env: { PATH: process.env['PATH'], HOME: this.gpgHome }, stdio: ['pipe', 'pipe', 'inherit'],
      });
      gpg.stdout.resume();
      gpg.stdin.end(octets);
      const [code] = await once(gpg, 'close') as [number];
      if (code !== 0) throw new Error('bench: gpg failed');
    });
  }

  async stop(): Promise<void> {
    await this.pool.query('DROP TABLE mx_floor');
    await this.pool.end();
  }
}

async function perSecond(count: number, atOnce: number, step: () => Promise<void>): Promise<number> {
  let next = 0;
  const startMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) {
      next += 1;
      await step();
    }
  }));
  return count / ((performance.now() - startMs) / 1000);
}
