// Every text of the app, in English. Another language is another file of the same shape; TypeScript says what is missing.
// Texts with parts are functions, so there is no message format to parse at run time and nothing to evaluate.

import type { KeyDecision, KeySource, RecipientState, ReviewedKey, SecurityProblem, SecurityStatus } from '../jmap/types.js';
import { enAlarms, enSettings } from './en-settings.js';

type StatusText = { short: string; sentence: (name: string) => string };

/** `#` stands for the number. */
const plural = (count: number, one: string, other: string): string => (count === 1 ? one : other).replace('#', String(count));

const joined = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

const security: Record<SecurityStatus, StatusText> = {
  privateVerified: { short: 'Private, verified', sentence: (name) => `Only you and ${name} can read this, and you checked ${name}’s key.` },
  private: { short: 'Private', sentence: (name) => `Only you and whoever holds this key can read this. Check the key with ${name} to be sure.` },
  signed: { short: 'Signed', sentence: (name) => `Written with ${name}’s key, but others could read it on the way.` },
  notProtected: { short: 'Not protected', sentence: () => 'Anyone handling this mail could read or change it.' },
  problem: { short: 'Problem', sentence: () => 'This message does not match its signature. Do not trust its content.' },
};

const securityProblem: Record<SecurityProblem, (name: string) => string> = {
  badSignature: () => 'This message does not match its signature. Do not trust its content.',
  keyChanged: (name) => `${name}’s key is not the one you know. Compare it with ${name} before you trust this message.`,
  cannotDecrypt: () => 'This message is encrypted with a key that is not on this device, so it cannot be opened here.',
  tampered: () => 'This message was changed on its way. Do not trust its content.',
};

const recipient: Record<RecipientState | 'lookingUp', { short: string; sentence: (name: string) => string }> = {
  lookingUp: { short: 'Looking up…', sentence: (name) => `Looking for ${name}’s key.` },
  verified: { short: 'Verified key', sentence: (name) => `You checked ${name}’s key. Nobody else can read what you send.` },
  found: { short: 'Key found', sentence: (name) => `First use of ${name}’s key. Check it with ${name} to be sure.` },
  keyChanged: { short: 'Key changed', sentence: (name) => `Another key has appeared for ${name}. Nothing is sent until you decide which one to use.` },
  noKey: { short: 'No key', sentence: (name) => `${name} has no key. Anyone handling this mail could read it.` },
  lookupFailed: { short: 'Could not check', sentence: (name) => `We could not reach ${name}’s provider. The message waits until the key can be looked up.` },
  invalid: { short: 'Not an address', sentence: (name) => `${name} is not a mail address.` },
};

/** Begins a sentence. `domain` is the correspondent's. */
const keySources: Record<KeySource | 'unknown', (domain: string) => string> = {
  ownProvider: () => 'From the directory of your provider',
  wkd: (domain) => `From the directory of ${domain}`,
  autocrypt: () => 'Came with a message',
  attached: () => 'Attached to a message',
  openpgpHeader: () => 'Named in a message',
  gossip: () => 'Passed on by somebody else',
  import: () => 'Chosen by you',
  unknown: () => 'It was not recorded where it came from',
};

const keyStates: Record<ReviewedKey['state'], string> = { known: 'The key you know', refused: 'The new key' };

const keyDecided: Record<KeyDecision, (name: string) => string> = {
  verify: (name) => `${name}’s key is verified from now on`,
  takeNew: (name) => `${name}’s new key is used from now on`,
  keepKnown: (name) => `You stay with the key of ${name} that you know`,
};

export const en = {
  locale: 'en',
  direction: 'ltr' as 'ltr' | 'rtl',
  appName: 'Paloma',

  signIn: {
    title: 'Welcome back',
    lead: 'Your mail is encrypted on this computer. Your passphrase opens it.',
    address: 'Mail address',
    passphrase: 'Passphrase',
    submit: 'Sign in',
    submitting: 'Opening your mail…',
    refused: 'The address or the passphrase is not right.',
    tooManyAttempts: 'Too many attempts. Wait a moment, then try again.',
    unreachable: 'Paloma is not running on this computer, or it is starting. Try again in a moment.',
    ticketRefused: 'This link was used already or is too old. Sign in below, or ask for a new link with “paloma web”.',
    ended: 'Your session ended. Sign in again to go on.',
    promise: 'Nothing is sent anywhere: this page talks only to the Paloma on your own computer.',
  },
  starting: 'Opening your mail…',
  startFailed: { title: 'Your mail did not open', lead: 'Paloma on this computer did not answer as expected.', retry: 'Try again' },

  navigation: {
    mailboxes: 'Mailboxes', labels: 'Labels', compose: 'New message', menu: 'Show mailboxes', closeMenu: 'Hide mailboxes', signOut: 'Sign out', skipToList: 'Skip to messages',
    account: 'Your account', shortcuts: 'Keyboard shortcuts',
  },
  mailbox: {
    roles: { inbox: 'Inbox', important: 'Important', drafts: 'Drafts', sent: 'Sent', archive: 'Archive', junk: 'Junk', trash: 'Trash' },
    withUnread: (name: string, unread: number) => (unread > 0 ? `${name}, ${unread} unread` : name),
    unread: 'unread',
    messages: (count: number) => plural(count, 'message', 'messages'),
  },
  pageTitle: (place: string, unread: number) => `${unread > 0 ? `(${unread}) ` : ''}${place} – Paloma`,

  list: {
    label: (place: string) => `Messages in ${place}`,
    conversations: (count: number) => plural(count, '# conversation', '# conversations'),
    unread: (count: number) => `${count} unread`,
    loading: 'Loading messages…',
    failed: 'The messages could not be loaded.',
    retry: 'Try again',
    empty: {
      inbox: { title: 'All clear', lead: 'New messages will appear here by themselves.' },
      important: { title: 'Nothing important', lead: 'Messages you move here stand out from the others.' },
      drafts: { title: 'No drafts', lead: 'What you write is kept here until you send it.' },
      sent: { title: 'Nothing sent yet', lead: 'Messages you send are kept here.' },
      archive: { title: 'The archive is empty', lead: 'Archive what you are done with. It stays searchable.' },
      junk: { title: 'No junk', lead: 'Unwanted mail would be here.' },
      trash: { title: 'The trash is empty', lead: 'Deleted messages are kept here.' },
      other: { title: 'Nothing here yet', lead: 'This mailbox has no messages.' },
      search: { title: 'Nothing found', lead: 'Try fewer words, or from:, to:, subject:, has:attachment, is:unread.' },
    },
    noSubject: '(no subject)',
    noSender: '(no sender)',
    toPrefix: (names: string) => `To: ${names}`,
    row: {
      unread: 'Unread', starred: 'starred', hasAttachment: 'has attachment', draft: 'Draft', answered: 'answered', messages: 'messages',
    },
  },

  search: {
    label: 'Search mail', placeholder: 'Search mail', clear: 'Clear search',
    title: 'Search results',
  },

  conversation: {
    label: 'Conversation',
    none: { title: 'No conversation open', lead: 'Choose one from the list, or press Enter.' },
    gone: { title: 'This conversation is gone', lead: 'It was deleted, here or on another device.' },
    failed: { title: 'This conversation could not be loaded', retry: 'Try again' },
    back: 'Back to the list',
    actions: 'Conversation actions',
    archive: 'Archive', trash: 'Delete', destroy: 'Delete for good', markUnread: 'Mark as unread', star: 'Star', unstar: 'Remove star',
    moveToInbox: 'Move to Inbox',
    reply: 'Reply', replyAll: 'Reply all', forward: 'Forward', editDraft: 'Edit draft',
    messageCount: (count: number) => plural(count, '# message', '# messages'),
    expand: (name: string) => `Show message from ${name}`,
    collapse: (name: string) => `Hide message from ${name}`,
    to: 'To', cc: 'Cc', bcc: 'Bcc', from: 'From',
    toMe: 'you',
    loading: 'Loading message…',
    messageFrom: (name: string) => `Message from ${name}`,
    frameTitle: (name: string, protection: string) => `Message from ${name}. ${protection}`,
    remoteBlocked: (count: number) => plural(count, '# remote image or style was blocked, so the sender does not learn that you read this.',
      '# remote images or styles were blocked, so the sender does not learn that you read this.'),
    truncated: 'This message is very long; only its beginning is shown.',
    attachments: (count: number) => plural(count, '# attachment', '# attachments'),
    download: 'Download',
    unnamedAttachment: 'unnamed',
    downloadFailed: 'The attachment could not be downloaded.',
  },

  security, securityProblem,
  securityDetails: {
    heading: 'Protection of this message',
    fingerprint: 'Fingerprint of the sender’s key',
    encrypted: (isEncrypted: boolean) => (isEncrypted ? 'Encrypted: yes' : 'Encrypted: no'),
    signature: { none: 'Signature: none', valid: 'Signature: valid', invalid: 'Signature: does not match', unknownSigner: 'Signature: by a key we do not know' },
    sender: 'the sender',
    compared: 'I compared this fingerprint',
    takenSince: (name: string) => `When this message came, ${name}’s key was not the one you knew. You have taken it since.`,
    comparedSince: (name: string) => `You have compared ${name}’s key since this message came. New ones show “Private, verified”; this one keeps its mark.`,
  },
  delivery: {
    heading: 'Delivery',
    states: { waiting: 'Waiting', sent: 'Sent', delivered: 'Delivered', refused: 'Refused' },
    protection: { encrypted: 'encrypted', signedOnly: 'signed, not encrypted', undecided: 'protection not decided yet' },
  },

  link: {
    title: 'Open this link?',
    goesTo: 'It goes to',
    fullAddress: 'Full address',
    mismatch: (text: string) => `The message shows “${text}”, but the link goes somewhere else.`,
    insecure: 'The connection would not be encrypted.',
    open: 'Open in a new tab', cancel: 'Stay here',
    refused: 'This kind of link is not opened from mail.',
  },

  composer: {
    titles: { new: 'New message', reply: 'Reply', forward: 'Forward', draft: 'Draft' },
    close: 'Save draft and close', discard: 'Discard draft', send: 'Send', sendUnprotected: 'Send without encryption', sending: 'Sending…',
    to: 'To', cc: 'Cc', bcc: 'Bcc', showCcBcc: 'Cc Bcc', showCcBccLabel: 'Show Cc Bcc', subject: 'Subject', body: 'Message', from: 'From',
    recipients: (field: string) => `${field}: recipients`,
    addRecipient: (field: string) => `${field}: add an address`,
    removeRecipient: (name: string) => `Remove ${name}`,
    attach: 'Attach files', dropHere: 'Drop files to attach them', removeAttachment: (name: string) => `Remove ${name}`, uploading: (name: string) => `Uploading ${name}`,
    uploadFailed: (name: string) => `${name} could not be attached.`,
    tooLarge: (name: string) => `${name} is too large to attach.`,
    stillUploading: 'Not sent yet: wait until the files are attached, then send.',
    attached: (name: string) => `${name} attached`,
    status: { unsaved: '', saving: 'Saving…', saved: 'Draft saved', failed: 'Draft could not be saved' },
    summary: {
      none: 'Add a recipient',
      lookingUp: 'Looking up keys…',
      encrypted: (count: number) => plural(count, 'Encrypted', 'Encrypted to all #'),
      noKey: (names: readonly string[]) => `Not private: ${joined(names)} ${names.length === 1 ? 'has' : 'have'} no key`,
      lookupFailed: (names: readonly string[]) => `Could not check ${joined(names)}; the message will wait`,
      keyChanged: (names: readonly string[]) => `The key of ${joined(names)} changed. Decide which one to use.`,
      invalid: (names: readonly string[]) => `${joined(names)} ${names.length === 1 ? 'is not an address' : 'are not addresses'}`,
    },
    retry: 'Check again',
    sent: 'Message sent',
    failed: 'The message was not sent. It is kept as a draft.',
    errors: {
      forbiddenFrom: 'This account may not send from this address.',
      noRecipients: 'The message has no recipients.',
      invalidRecipients: 'One of the addresses cannot be used.',
      tooManyRecipients: 'The message has too many recipients.',
      tooLarge: 'The message is too large.',
    } as Record<string, string>,
    discarded: 'Draft discarded',
    draftSaved: 'Draft saved',
    noIdentity: 'This account has no address to send from yet.',
    quoteHeader: (author: string, date: string) => `On ${date}, ${author} wrote:`,
    forwardedHeading: '---------- Forwarded message ----------',
    fields: { from: 'From', date: 'Date', subject: 'Subject', to: 'To' },
  },
  recipient,
  settings: enSettings,
  alarms: enAlarms,
  keyReview: {
    review: 'Review key',
    reviewOf: (name: string) => `Review key of ${name}`,
    title: (name: string) => `${name}’s key`,
    titleChanged: (name: string) => `${name}’s key changed`,
    lead: (name: string) => `What you write to ${name} is encrypted with this key.`,
    leadChanged: (name: string) => `Another key has appeared for ${name}. Most often that means a new phone or a new mail program. It can also be somebody who wants to read your mail. Nothing is sent to ${name} until you decide.`,
    howToCompare: (name: string) => `To be sure, let ${name} read the fingerprint to you, in person or on the phone but not by mail, and compare every character.`,
    states: keyStates,
    inUse: 'The key in use',
    sources: keySources,
    since: (source: string, day: string) => `${source}, first seen on ${day}`,
    compared: 'You compared it',
    compare: (name: string) => `I compared it with ${name}`,
    keepKnown: 'Keep the known key', takeNew: 'Use the new key', later: 'Decide later', close: 'Close',
    decided: keyDecided,
    changedMeanwhile: 'Nothing was changed: the keys are not the same any more. Look at them again.',
    notDecided: 'That did not work, so nothing was changed. Try again.',
    loading: 'Loading keys…', failed: 'The keys could not be loaded.', none: (name: string) => `No key of ${name} is known.`,
  },

  sync: {
    label: 'Sync',
    phases: { idle: 'Up to date', pulling: 'Receiving…', pushing: 'Sending changes…', blobs: 'Fetching messages…', offline: 'Offline', alarm: 'Needs attention' },
    disconnected: 'Paloma is not running',
    disconnectedLead: 'The Paloma on this computer does not answer. What you see may be old; it connects again by itself.',
    lastSync: (when: string) => `Last synchronised ${when}`,
    never: 'Not synchronised yet',
    pendingUp: (count: number) => plural(count, '# change to send', '# changes to send'),
    pendingDown: (count: number) => plural(count, '# item to receive', '# items to receive'),
    accountDisabled: 'The operator of the provider has disabled this account. What is here stays here; ask the operator.',
    offlineLead: 'You can go on working. Changes are sent when the provider can be reached.',
    explain: 'Everything is stored encrypted on this computer; the provider keeps sealed copies only.',
  },

  toast: {
    archived: (count: number) => plural(count, 'Conversation archived', '# conversations archived'),
    trashed: 'Conversation moved to Trash', destroyed: 'Conversation deleted for good', movedToInbox: 'Conversation moved to Inbox', markedUnread: 'Marked as unread',
    starred: 'Starred', unstarred: 'Star removed',
    undo: 'Undo', undone: 'Undone', dismiss: 'Dismiss',
    notChanged: 'That did not work, so everything is as it was.',
    noTrash: 'This account has no trash, so nothing was deleted.',
  },
  confirmDestroy: { title: 'Delete for good?', lead: 'The conversation is in the trash. Deleted for good, it cannot be brought back, on any device.', confirm: 'Delete for good', cancel: 'Keep it' },

  shortcuts: {
    title: 'Keyboard shortcuts',
    close: 'Close',
    rows: [
      [['j', 'k'], 'Next, previous conversation'],
      [['Enter'], 'Open conversation'],
      [['Esc'], 'Back to the list'],
      [['c'], 'New message'],
      [['r', 'a', 'f'], 'Reply, reply all, forward'],
      [['e'], 'Archive'],
      [['#'], 'Delete'],
      [['u'], 'Mark as unread'],
      [['s'], 'Star'],
      [['z'], 'Undo'],
      [['/'], 'Search'],
      [['Ctrl', 'Enter'], 'Send'],
      [['?'], 'This help'],
    ] as readonly (readonly [readonly string[], string])[],
  },
};

export type Messages = typeof en;
