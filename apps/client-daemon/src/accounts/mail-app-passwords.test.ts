import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redacted } from '@paloma/shared-model';
import { addPassphraseWrap, createStorageRoots, createVault, openVault, rekeyVault, resealVault, type VaultKey } from '@paloma/crypto/secret';
import { saveSecrets } from '@paloma/document-store';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { TEST_ACCOUNT_ID, openTestDevice, type TestDevice } from '../test/test-device.js';
import { unlockByPassword, vaultForPassword } from './mail-app-unlocking.js';
import { MailAppPasswords } from './mail-app-passwords.js';
import { MailAppVerifiers } from './mail-app-verifiers.js';

const directory = temporaryDirectory();
let device: TestDevice;
let passwords: MailAppPasswords;
let verifiersPath: string;
const FIRST_KEY: VaultKey = new Redacted(new Uint8Array(32).fill(1));

beforeEach(async () => {
  device = await openTestDevice(directory);
  passwords = new MailAppPasswords(device.store, device.clock, device.random);
  verifiersPath = join(mkdtempSync(join(directory, 'account-')), 'mail-app-passwords.json');
  passwords.mirrorTo(new MailAppVerifiers(verifiersPath), FIRST_KEY);
});
afterEach(() => device.close());

describe('a password', () => {
  test('lets in as it was shown, and without what is there for reading; nothing else does', () => {
    const text = passwords.create('Thunderbird').password.reveal();
    expect(text).toMatch(/^(?:[a-z2-7]{4}-){7}[a-z2-7]{4}$/);
    for (const typed of [text, text.replaceAll('-', ''), text.toUpperCase(), text.replaceAll('-', ' ')]) expect(passwords.admit(typed)).not.toBeNull();
    for (const typed of ['', text.slice(0, -1), `${text}a`, text.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))]) expect(passwords.admit(typed)).toBeNull();
  });

  test('that is revoked lets nobody in, ends the log-ins that were made with it, and those alone', () => {
    const [phone, laptop] = [passwords.create('phone'), passwords.create('laptop')];
    const [onPhone, onLaptop] = [passwords.admit(phone.password.reveal())!, passwords.admit(laptop.password.reveal())!];
    expect(passwords.revoke(phone.passwordId)).toBe(true);
    expect([onPhone.revoked.aborted, onLaptop.revoked.aborted]).toEqual([true, false]);
    expect(passwords.admit(phone.password.reveal())).toBeNull();
    expect(passwords.revoke(phone.passwordId)).toBe(false);
    expect(passwords.list().map(({ name }) => name)).toEqual(['laptop']);
  });

  test('that another device revoked is gone here too', () => {
    const { passwordId, password } = passwords.create('phone');
    const admission = passwords.admit(password.reveal())!;
    device.store.transact((transaction) => transaction.delete('mail-app-password', passwordId));
    expect(admission.revoked.aborted).toBe(true);
    expect(passwords.admit(password.reveal())).toBeNull();
  });

  test('shows its last use, written once a minute and never as a change to sync', () => {
    const { password } = passwords.create('phone');
    const commits: unknown[] = [];
    device.store.subscribe((changes) => commits.push(changes));
    const lastUse = (): number | null => passwords.list()[0]!.lastUsedAtMs;
    expect(lastUse()).toBeNull();
    const firstMs = device.clock.nowMs();
    passwords.admit(password.reveal());
    device.clock.advance(59_999);
    passwords.admit(password.reveal());
    expect(lastUse()).toBe(firstMs);
    device.clock.advance(1);
    passwords.admit(password.reveal());
    expect(lastUse()).toBe(firstMs + 60_000);
    expect(commits.flat()).toEqual([]);
  });
});

describe('while the account is locked', () => {
  test('its passwords are known from strangers\' words, by a file of mode 0600 without a name in it', () => {
    const kept = passwords.create('Thunderbird');
    const revoked = passwords.create('old phone');
    passwords.revoke(revoked.passwordId);
    const verifiers = new MailAppVerifiers(verifiersPath);
    expect(verifiers.match(kept.password.reveal())).toEqual({ vault: null });
    expect(verifiers.match(revoked.password.reveal())).toBeNull();
    expect(statSync(verifiersPath).mode & 0o777).toBe(0o600);
    expect(readFileSync(verifiersPath, 'utf8')).not.toMatch(new RegExp(`Thunderbird|phone|${kept.password.reveal()}`));
  });

  test('a damaged file lets nobody in and is made anew when the account is opened', () => {
    const { password } = passwords.create('Thunderbird');
    writeFileSync(verifiersPath, '{"v":1,"passwords":[{');
    const verifiers = new MailAppVerifiers(verifiersPath);
    expect(verifiers.match(password.reveal())).toBeNull();
    passwords.mirrorTo(verifiers, FIRST_KEY);
    expect(verifiers.match(password.reveal())).toEqual({ vault: null });
  });
});

describe('a password that unlocks', () => {
  const random = seededRandom('unlocking');
  const exportKey = random.bytes(64);
  const roots = createStorageRoots(random);
  let secretsPath: string;
  let vault: Uint8Array;
  let vaultKey: VaultKey;
  let password: Redacted<string>;
  let ofPassword: Uint8Array;

  beforeEach(async () => {
    secretsPath = join(mkdtempSync(join(directory, 'secrets-')), 'secrets.json');
    vault = await addPassphraseWrap(createVault({ accountId: TEST_ACCOUNT_ID, roots }, exportKey, random), TEST_ACCOUNT_ID, { exportKey }, new Redacted('passphrase'), random);
    const opened = await openVault(vault, TEST_ACCOUNT_ID, { exportKey });
    if (!opened.ok) throw new Error('the vault does not open');
    vaultKey = opened.vaultKey;
    await saveSecrets(secretsPath, { accountId: TEST_ACCOUNT_ID, vault, isUnsettled: false });
    const created = passwords.create('server');
    password = created.password;
    ofPassword = await vaultForPassword(secretsPath, { accountId: TEST_ACCOUNT_ID, keys: null!, vaultKey }, password, random);
    passwords.mirrorTo(new MailAppVerifiers(verifiersPath), vaultKey);
    new MailAppVerifiers(verifiersPath).letUnlock(created.passwordId, ofPassword, vaultKey);
  });

  const epochsOpenedBy = async (text: string): Promise<number | null> => (await unlockByPassword(secretsPath, ofPassword, text))?.keys.currentEpoch ?? null;

  test('opens the account until it is revoked; no other password does, nor the passphrase', async () => {
    expect(await epochsOpenedBy(password.reveal().toUpperCase())).toBe(1);
    expect(await epochsOpenedBy('aaaa-bbbb')).toBeNull();
    expect(await epochsOpenedBy('passphrase')).toBeNull();
    const [summary] = passwords.list();
    expect(summary).toMatchObject({ name: 'server', unlocksAccount: true });
    passwords.create('another one');
    expect(new MailAppVerifiers(verifiersPath).match(password.reveal())?.vault).toEqual(ofPassword);
    passwords.revoke(summary!.passwordId);
    expect(readFileSync(verifiersPath, 'utf8')).not.toContain(Buffer.from(ofPassword).toString('base64url'));
  });

  test('opens the vault of now after a rotation, and nothing after one that locks out', async () => {
    const rotated = new Map([...roots, [2, random.bytes(32)]]);
    await saveSecrets(secretsPath, { accountId: TEST_ACCOUNT_ID, vault: resealVault(vault, TEST_ACCOUNT_ID, vaultKey, { roots: rotated, serial: 2 }, random), isUnsettled: false });
    expect(await epochsOpenedBy(password.reveal())).toBe(2);
    await saveSecrets(secretsPath, { accountId: TEST_ACCOUNT_ID, vault: rekeyVault(TEST_ACCOUNT_ID, { roots: rotated, serial: 3 }, exportKey, random), isUnsettled: false });
    expect(await epochsOpenedBy(password.reveal())).toBeNull();
    passwords.mirrorTo(new MailAppVerifiers(verifiersPath), FIRST_KEY);
    expect(passwords.list()[0]).toMatchObject({ name: 'server', unlocksAccount: false });
    expect(new MailAppVerifiers(verifiersPath).match(password.reveal())).toEqual({ vault: null });
  });
});
