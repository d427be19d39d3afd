// A maildir: what programs that keep a mailbox on disk keep it in. One file for each message, its flags in its name.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface StoredMessage {
  octets: Buffer;
  /** Letters of the maildir: D draft, F flagged, R replied, S seen, T trashed. */
  flags: string;
  path: string;
}

export class Maildir {
  #serial = 0;

  constructor(readonly directory: string) {}

  messages(): StoredMessage[] {
    return ['cur', 'new'].flatMap((room) => readdirSync(join(this.directory, room)).map((name) => {
      const path = join(this.directory, room, name);
      return { path, octets: readFileSync(path), flags: /:2,(\w*)$/.exec(name)?.[1] ?? '' };
    }));
  }

  /** The only message with this subject. */
  find(subject: string): StoredMessage {
    const [found, ...others] = this.messages().filter(({ octets }) => octets.includes(`Subject: ${subject}\n`) || octets.includes(`Subject: ${subject}\r\n`));
    if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} messages "${subject}"`);
    return found;
  }

  /** As a mail program files what it wrote. */
  add(octets: Uint8Array, flags: string): void {
    const name = `${Date.now()}.${process.pid}_${this.#serial += 1}.here:2,${flags}`;
    writeFileSync(join(this.directory, 'tmp', name), octets);
    renameSync(join(this.directory, 'tmp', name), join(this.directory, 'cur', name));
  }

  setFlags({ path }: StoredMessage, flags: string): void {
    renameSync(path, join(this.directory, 'cur', basename(path).replace(/(?::2,\w*)?$/, `:2,${flags}`)));
  }

  remove({ path }: StoredMessage): void {
    rmSync(path);
  }

  /** As a mail program moves: under a new name, since the old one says which UID the message had. */
  moveTo(other: Maildir, message: StoredMessage): void {
    other.add(message.octets, message.flags);
    this.remove(message);
  }
}
