import { describe, expect, test } from '@jest/globals';
import { at, jmapFixture, PASSPHRASE, textAt } from '../test/jmap-fixture.js';

describe('MailAppPassword', () => {
  test('is shown once, listed without the password, and revoked', async () => {
    const { one, settings, clock } = await jmapFixture();
    const made = await one('MailAppPassword/set', { create: { new: { name: ' Thunderbird ' } } });
    const [passwordId, password] = [textAt(made, '/created/new/id'), textAt(made, '/created/new/password')];
    settings.use(passwordId);
    const listed = await one('MailAppPassword/get');
    expect(at(listed, '/list')).toEqual([{ id: passwordId, name: 'Thunderbird', createdAtMs: clock.nowMs(), lastUsedAtMs: clock.nowMs(), unlocksAccount: false }]);
    expect(JSON.stringify(listed)).not.toContain(password);
    expect(await one('MailAppPassword/set', { destroy: [passwordId, 'unknown'] })).toMatchObject({ destroyed: [passwordId], notDestroyed: { unknown: { type: 'notFound' } } });
    expect(at(await one('MailAppPassword/get'), '/list')).toEqual([]);
  });

  test.each([[{}], [{ name: '  ' }], [{ name: 'x'.repeat(101) }], [{ name: 'phone', password: 'of my own' }]])('%j makes none', async (object) => {
    const { one } = await jmapFixture();
    expect(at(await one('MailAppPassword/set', { create: { new: object } }), '/notCreated/new/type')).toBe('invalidProperties');
  });

  test('is never changed', async () => {
    const { one } = await jmapFixture();
    const made = await one('MailAppPassword/set', { create: { new: { name: 'phone' } } });
    const id = textAt(made, '/created/new/id');
    expect(at(await one('MailAppPassword/set', { update: { [id]: { unlocksAccount: true } } }), `/notUpdated/${id}/type`)).toBe('forbidden');
  });
});

describe('Device', () => {
  test('is listed and removed', async () => {
    const { one } = await jmapFixture();
    expect(at(await one('Device/get', { properties: ['name', 'isCurrent'] }), '/list')).toEqual([{ id: 'laptop', name: 'laptop', isCurrent: true }, { id: 'phone', name: null, isCurrent: false }]);
    expect(await one('Device/set', { destroy: ['phone', 'watch'] })).toMatchObject({ destroyed: ['phone'], notDestroyed: { watch: { type: 'notFound' } } });
    expect(at(await one('Device/get', { ids: ['phone'] }), '/notFound')).toEqual(['phone']);
  });

  test('is not told of while the provider cannot be asked', async () => {
    const { one, settings, bugs } = await jmapFixture();
    settings.isOffline = true;
    expect(await one('Device/get')).toMatchObject({ type: 'serverUnavailable' });
    expect(bugs).toEqual([]);
  });
});

describe('what needs the passphrase', () => {
  const asked: [string, object][] = [['Passphrase/change', { newPassphrase: 'a new one' }], ['RecoveryKit/create', {}], ['StorageRoot/rotate', {}]];

  test.each(asked)('%s refuses a wrong one', async (method, others) => {
    const { one } = await jmapFixture();
    expect(await one(method, { ...others, passphrase: 'wrong' })).toMatchObject({ refusal: 'wrongPassphrase' });
  });

  test.each(asked)('%s says that the provider is away', async (method, others) => {
    const { one, settings } = await jmapFixture();
    settings.isOffline = true;
    expect(await one(method, { ...others, passphrase: PASSPHRASE })).toMatchObject({ refusal: 'providerUnreachable' });
  });

  test('is done with the right one', async () => {
    const { one, settings } = await jmapFixture();
    expect(await one('RecoveryKit/create', { passphrase: PASSPHRASE })).toMatchObject({ refusal: null, kit: { code: expect.any(String), html: expect.any(String), text: expect.any(String) } });
    expect(await one('StorageRoot/rotate', { passphrase: null })).toMatchObject({ refusal: null });
    expect(await one('StorageRoot/rotate', { passphrase: PASSPHRASE })).toMatchObject({ refusal: null });
    expect(settings.rotations).toEqual(['plain', 'lockOut']);
    expect(await one('Passphrase/change', { passphrase: PASSPHRASE, newPassphrase: 'a new one' })).toMatchObject({ refusal: null });
    expect(await one('RecoveryKit/create', { passphrase: PASSPHRASE })).toMatchObject({ refusal: 'wrongPassphrase' });
  });
});

test('an alarm is answered', async () => {
  const { one, alarmAnswers } = await jmapFixture();
  for (const answer of ['dismiss', 'acceptRestoredProvider', 'startAfresh']) await one('Alarm/answer', { answer });
  expect(await one('Alarm/answer', { answer: 'ignore' })).toMatchObject({ type: 'invalidArguments' });
  expect(alarmAnswers).toEqual(['dismiss', 'acceptRestoredProvider', 'startAfresh']);
});

test('the session says where mail programs connect, and a way in without settings has none', async () => {
  const { fetch, account, one } = await jmapFixture();
  const capability = async (): Promise<unknown> => at(await (await fetch('/jmap/session')).json(), '/accounts/AccountOfTheTestUser_0/accountCapabilities/urn:paloma:params:jmap:settings');
  expect(await capability()).toEqual({ imap: { host: '127.0.0.1', port: 1984, isTls: false }, smtp: { host: '127.0.0.1', port: 2013, isTls: false } });
  Object.assign(account, { settings: undefined });
  expect(await capability()).toBeUndefined();
  expect(await one('MailAppPassword/get')).toMatchObject({ type: 'accountNotSupportedByMethod' });
});
