import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { SecretInput } from './secret-input.js';

function secretInput({ isTTY }: { isTTY: boolean }): { input: PassThrough; secrets: SecretInput; shown: () => string; rawModes: boolean[] } {
  const [input, prompts, rawModes] = [new PassThrough(), new PassThrough(), [] as boolean[]];
  Object.assign(input, { isTTY, setRawMode: (isRaw: boolean) => { rawModes.push(isRaw); return input; } });
  return { input, secrets: new SecretInput(input as unknown as NodeJS.ReadStream, prompts), shown: () => String(prompts.read() ?? ''), rawModes };
}

describe('at a terminal', () => {
  test.each([
    ['typed at once', ['correct horse\r'], 'correct horse'],
    ['typed key by key', [...'horse', '\r'], 'horse'],
    ['with mistakes', ['hors\x7f\x7fse', '\x15', 'hor\x7f\x7f', 'orse\x1b\r'], 'horse'],
    ['with what is no letter of ours', ['pässwörd 😀\n'], 'pässwörd 😀'],
  ])('%s, it is never shown', async (_name, keys, secret) => {
    const { input, secrets, shown, rawModes } = secretInput({ isTTY: true });
    const asked = secrets.ask('Passphrase');
    for (const key of keys) input.write(key);
    expect((await asked).reveal()).toBe(secret);
    expect(shown()).toBe('Passphrase: \n');
    expect(rawModes).toEqual([true, false]);
  });

  test('a new one is asked for twice', async () => {
    const { input, secrets, shown } = secretInput({ isTTY: true });
    const asked = secrets.ask('New passphrase', 'new');
    input.write('horse\r');
    await new Promise(setImmediate);
    input.write('house\r');
    await expect(asked).rejects.toMatchObject({ code: 'noSecret' });
    expect(shown()).toBe('New passphrase: \nOnce more: \n');
  });

  test('Ctrl-C ends it, and the terminal shows again what is typed', async () => {
    const { input, secrets, rawModes } = secretInput({ isTTY: true });
    const asked = secrets.ask('Passphrase');
    input.write('hor\x03');
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
    expect(rawModes).toEqual([true, false]);
  });
});

test('without a terminal each is a line, in the order of the questions', async () => {
  const { input, secrets, shown } = secretInput({ isTTY: false });
  input.end('first\r\nsecond one\nthird');
  expect([(await secrets.ask('a')).reveal(), (await secrets.ask('b', 'new')).reveal(), (await secrets.ask('c')).reveal()]).toEqual(['first', 'second one', 'third']);
  await expect(secrets.ask('Passphrase')).rejects.toMatchObject({ code: 'noSecret', message: 'There is no line on standard input for: Passphrase.' });
  expect(shown()).toBe('');
});

test('what has no end is not waited for', async () => {
  const { input, secrets } = secretInput({ isTTY: false });
  input.write('x'.repeat(2000));
  await expect(secrets.ask('Passphrase')).rejects.toMatchObject({ code: 'noSecret' });
});
