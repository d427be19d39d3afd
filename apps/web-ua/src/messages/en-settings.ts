// The texts of the settings and of alarms, in English; a part of en.ts.

import type { SettingsRefusal } from '../jmap/types.js';

/** Why nothing was changed. */
const refusals: Record<SettingsRefusal | 'failed', string> = {
  wrongPassphrase: 'The passphrase is not right.',
  notFound: 'It is not there any more.',
  providerUnreachable: 'Your provider cannot be reached now. Nothing was changed; try again later.',
  providerRefused: 'Your provider did not take this now. Nothing was changed; try again in a quarter of an hour.',
  failed: 'That did not work, so nothing was changed. Try again.',
};

export const enSettings = {
  title: 'Settings', open: 'Settings', close: 'Close', sections: 'Sections',
  tabs: { programs: 'Mail programs', devices: 'Devices', passphrase: 'Passphrase', recovery: 'Recovery kit', encryption: 'Encryption' },
  refusals,
  loading: 'Loading…', loadFailed: 'This could not be loaded. Is the provider reachable?', retry: 'Try again',
  passphrase: 'Your passphrase',
  copy: 'Copy', copied: 'Copied',

  programs: {
    lead: 'Any mail program on this computer can read and send your mail. Give each one a password of its own, so that you can take it back.',
    none: 'No mail program has a password yet.',
    columns: { name: 'Program', created: 'Made', lastUsed: 'Last used here' },
    neverUsed: 'never',
    unlocks: 'opens your mail after a restart',
    revoke: 'Revoke', revokeOf: (name: string) => `Revoke the password of ${name}`,
    confirm: { title: (name: string) => `Revoke the password of ${name}?`, lead: 'The program is disconnected at once, on all your devices, and needs a new password.', yes: 'Revoke', no: 'Keep it' },
    revoked: (name: string) => `The password of ${name} is revoked`,
    add: 'Add a mail program', name: 'What do you call it?', namePlaceholder: 'Thunderbird on this laptop', create: 'Make a password',
    unlocksLabel: 'This program may open my mail after a restart, without my passphrase',
    unlocksHint: 'Only for a computer that nobody else can take away: whoever finds the password in the program and has the disk can read all your mail.',
    fresh: { title: (name: string) => `Password for ${name}`, lead: 'Type or paste it into the program now. It is not shown again.', done: 'I have put it in' },
    setup: {
      title: 'What to tell the program', address: 'User name', password: 'Password', passwordHint: 'the one you make above', incoming: 'Incoming (IMAP)', outgoing: 'Outgoing (SMTP)',
      server: (host: string, port: number, isTls: boolean) => `${host}, port ${port}, ${isTls ? 'TLS' : 'no encryption'}`,
      plainHint: 'Without encryption is right: between the program and Paloma nothing leaves this computer.',
      thunderbird: 'Choose “Configure manually” when it asks for your name and address, enter the two servers above, and “Normal password” as authentication for both.',
      apple: 'Save the profile, open it, and confirm it in System Settings under “Profiles”. It asks for the password then.', appleProfile: 'Save the profile',
      intoFile: (file: string) => `Into ${file}:`, copyOf: (program: string) => `Copy the text for ${program}`,
    },
  },

  devices: {
    lead: 'These devices can read your mail. Each keeps an encrypted copy.',
    thisOne: 'this device', unnamed: 'A device without a name', seen: (when: string) => `last seen ${when}`, since: (day: string) => `since ${day}`,
    remove: 'Remove', removeOf: (name: string) => `Remove ${name}`,
    confirm: { title: (name: string) => `Remove ${name}?`, lead: 'It receives nothing any more. What it has read it keeps: if it was lost or stolen, change your passphrase and lock out under “Encryption” as well.', yes: 'Remove', no: 'Keep it' },
    removed: (name: string) => `${name} is removed`,
  },

  change: {
    lead: 'Your passphrase opens your mail on every device. All other devices ask for the new one once.',
    current: 'Passphrase until now', next: 'New passphrase', again: 'New passphrase once more',
    tooShort: 'Take at least 12 characters. Several words are easier to remember than signs.', different: 'The two are not the same.',
    submit: 'Change the passphrase', done: 'Your passphrase is changed',
  },

  recovery: {
    lead: 'With this code you open your mail when you have forgotten your passphrase. Nobody else can help you then, not even your provider.',
    submit: 'Make a recovery kit', again: 'A kit that you made before ends with the new one.',
    fresh: 'This is your recovery code. Print it or write it down, and keep it where you keep your passport. It is not shown again.',
    code: 'Recovery code', print: 'Print', save: 'Save page to print', done: 'I have put it away',
  },

  encryption: {
    lead: 'Everything is sealed with keys that only your devices have. You can change them.',
    rotate: { title: 'New storage key', lead: 'Everything is sealed anew, in the background. Your other devices follow by themselves.', submit: 'Make a new key', done: 'A new storage key is in force. Your mail is sealed anew in the background.' },
    lockOut: { title: 'Lock out all other devices', lead: 'After a theft: every other device needs your passphrase again, your recovery kit ends, and no mail program opens your mail after a restart any more.', submit: 'Lock out', done: 'All other devices are locked out. Make a new recovery kit.' },
  },
};

/** What an alarm means, and what there is to do. */
export const enAlarms = {
  sentences: {
    openFailed: 'The provider gave something that was not sealed by your devices. It was set aside.',
    idMismatch: 'The provider gave one document in the place of another. It was set aside.',
    invalidContent: 'A document that came from the provider has a content that no device of yours writes. It was set aside.',
    rolledBack: 'The provider gave an old version of something as if it were the newest. It was set aside.',
    immutableChanged: 'The provider gave a message that is not the one it was. It was set aside.',
    unmergeable: 'Two devices changed the same thing in ways that do not fit together. One version was set aside.',
    withheld: 'The provider keeps something back that another device of yours wrote.',
    forked: 'The provider tells your devices two different histories.',
    providerRestored: 'The provider went back to an older state. Did your provider say that it was restored from a backup?',
    forgottenTooSoon: 'The provider calls this device removed. Was this computer put back to a backup?',
    other: 'The provider did something that it must not do.',
  } as Record<string, string>,
  answers: { dismiss: 'I have seen it', acceptRestoredProvider: 'It was restored: go on', startAfresh: 'It was put back: go on' },
};
