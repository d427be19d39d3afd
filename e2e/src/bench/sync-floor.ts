// The floor under each cell of the sync bench: the steps that no program of this design can leave out, each done in the
// barest way, on as many octets and rows. A batch must be sealed before it is sent and must have arrived before it is stored,
// so a floor is the sum of its steps.

import { createCipheriv, createDecipheriv, randomBytes, type DecipherGCM } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { Worker } from 'node:worker_threads';
import type { ServerCertificateFiles } from '@paloma/reference-deployment';
// oxlint-disable-next-line import/default -- CommonJS: its `export =` is the default export under Node.js
import Database from 'better-sqlite3-multiple-ciphers';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

const CIPHER = 'aes-256-gcm';
const KEY = randomBytes(32);
const NONCE_OCTETS = 12;
/** Octets of one statement; measured to be the fastest. */
const INSERT_BYTES = 2 * 1024 * 1024;

export interface Floors {
  uploadMs: number;
  downloadMs: number;
}

interface SealedRow {
  id: string;
  nonce: Buffer;
  tag: Buffer;
  octets: Buffer;
}

export class SyncFloor {
  readonly #agent: Agent;

  private constructor(
    private readonly postgres: pg.Client, private readonly sqlite: Database.Database, private readonly loopback: Worker,
    private readonly port: number, authority: string,
  ) {
    this.#agent = new Agent({ keepAlive: true, ca: authority });
  }

  static async start(databaseUrl: string, sqliteFile: string, tls: ServerCertificateFiles): Promise<SyncFloor> {
    const postgres = new pg.Client({ connectionString: databaseUrl });
    await postgres.connect();
    await postgres.query('CREATE TABLE floor (id text PRIMARY KEY, octets bytea NOT NULL); ALTER TABLE floor ALTER COLUMN octets SET STORAGE EXTERNAL');
    const sqlite = new Database(sqliteFile);
    sqlite.pragma(`cipher='aegis'`);
    sqlite.pragma(`key="x'${KEY.toString('hex')}'"`);
    sqlite.pragma('journal_mode=WAL');
    sqlite.pragma('synchronous=NORMAL');
    sqlite.exec('CREATE TABLE floor (id TEXT PRIMARY KEY, octets BLOB NOT NULL)');
    const loopback = new Worker(new URL('./loopback-worker.js', import.meta.url), {
      workerData: { cert: readFileSync(tls.certificateFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') },
    });
    const [port] = await once(loopback, 'message') as [number];
    return new SyncFloor(postgres, sqlite, loopback, port, readFileSync(tls.authorityFile, 'utf8'));
  }

  /** Both ways of the same octets, in milliseconds. */
  async measure(count: number, sizeBytes: number): Promise<Floors> {
    const plain = Array.from({ length: count }, () => randomBytes(sizeBytes));
    const body = Buffer.concat(plain);
    await this.#transfer('GET', '/1');   // the connection is there
    const seal = await timed(() => plain.map(sealRow));
    const sendMs = (await timed(() => this.#transfer('POST', '/', body))).durationMs;
    const storeMs = (await timed(() => this.#insertIntoPostgres(seal.result))).durationMs;
    const readMs = (await timed(() => Array.fromAsync(this.postgres.query(copyTo('COPY floor TO STDOUT (FORMAT binary)'))))).durationMs;
    const receiveMs = (await timed(() => this.#transfer('GET', `/${body.length}`))).durationMs;
    const open = await timed(() => seal.result.map(openRow));
    const keepMs = (await timed(() => this.#insertIntoSqlite(seal.result, open.result))).durationMs;
    await this.postgres.query('TRUNCATE floor');
    this.sqlite.exec('DELETE FROM floor');
    return { uploadMs: seal.durationMs + sendMs + storeMs, downloadMs: readMs + receiveMs + open.durationMs + keepMs };
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.sqlite.close();
    await this.postgres.query('DROP TABLE floor');
    await this.postgres.end();
    await this.loopback.terminate();
  }

  async #insertIntoPostgres(rows: readonly SealedRow[]): Promise<void> {
    const rowsPerInsert = Math.max(1, Math.floor(INSERT_BYTES / (rows[0]?.octets.length ?? 1)));
    await this.postgres.query('BEGIN');
    for (let first = 0; first < rows.length; first += rowsPerInsert) {
      const part = rows.slice(first, first + rowsPerInsert);
      const values = part.map((_row, index) => `($${2 * index + 1},$${2 * index + 2})`).join(',');
      await this.postgres.query(`INSERT INTO floor VALUES ${values}`, part.flatMap(({ id, octets }) => [id, octets]));
    }
    await this.postgres.query('COMMIT');
  }

  #insertIntoSqlite(rows: readonly SealedRow[], opened: readonly Buffer[]): void {
    const insert = this.sqlite.prepare<[string, Buffer]>('INSERT INTO floor VALUES (?, ?)');
    this.sqlite.transaction(() => rows.forEach(({ id }, index) => insert.run(id, opened[index]!)))();
  }

  #transfer(method: 'GET' | 'POST', path: string, body?: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, method, path, agent: this.#agent }, (response) => response.resume().on('end', resolve));
      sent.on('error', reject).end(body);
    });
  }
}

async function timed<Result>(work: () => Result | Promise<Result>): Promise<{ result: Result; durationMs: number }> {
  const startMs = performance.now();
  const result = await work();
  return { result, durationMs: performance.now() - startMs };
}

function sealRow(octets: Buffer): SealedRow {
  const nonce = randomBytes(NONCE_OCTETS);
  const cipher = createCipheriv(CIPHER, KEY, nonce);
  const sealed = cipher.update(octets);
  cipher.final();
  return { id: nonce.toString('base64url'), nonce, tag: cipher.getAuthTag(), octets: sealed };
}

function openRow({ nonce, tag, octets }: SealedRow): Buffer {
  const decipher: DecipherGCM = createDecipheriv(CIPHER, KEY, nonce).setAuthTag(tag);
  const opened = decipher.update(octets);
  decipher.final();
  return opened;
}
