// What the server says it can do. A capability stands here only when it works completely (README, table of RFCs).

import type { Session } from './session/session.js';

/** What a stranger needs to know. RFC 7888, RFC 4959, RFC 2971. */
const STRANGER_CAPABILITIES = ['IMAP4rev2', 'IMAP4rev1', 'LITERAL+', 'SASL-IR', 'AUTH=PLAIN', 'ID'];

/** RFC 3501 §6.2.1: before STARTTLS. */
const UNPROTECTED_CAPABILITIES = ['IMAP4rev2', 'IMAP4rev1', 'LITERAL+', 'ID', 'STARTTLS', 'LOGINDISABLED'];

const CAPABILITIES = [
  'IMAP4rev2', // RFC 9051
  'IMAP4rev1', // RFC 3501
  'LITERAL+', // RFC 7888
  'ID', // RFC 2971
  'ENABLE', // RFC 5161
  'IDLE', // RFC 2177
  'NAMESPACE', // RFC 2342
  'CHILDREN', // RFC 3348
  'UNSELECT', // RFC 3691
  'UIDPLUS', // RFC 4315
  'MULTIAPPEND', // RFC 3502
  'BINARY', // RFC 3516
  'CATENATE', 'URL-PARTIAL', // RFC 4469, RFC 5550
  'REPLACE', // RFC 8508
  'UTF8=ACCEPT', // RFC 6855
  'MOVE', // RFC 6851
  'CONDSTORE', 'QRESYNC', // RFC 7162
  'ESEARCH', // RFC 4731
  'SEARCHRES', // RFC 5182
  'WITHIN', // RFC 5032
  'SORT', 'SORT=DISPLAY', 'THREAD=ORDEREDSUBJECT', 'THREAD=REFERENCES', // RFC 5256, RFC 5957
  'ESORT', 'CONTEXT=SEARCH', 'CONTEXT=SORT', // RFC 5267
  'NOTIFY', // RFC 5465
  'PARTIAL', // RFC 9394
  'INPROGRESS', // RFC 9585
  'UIDONLY', // RFC 9586
  'LIST-EXTENDED', // RFC 5258
  'LIST-STATUS', // RFC 5819
  'METADATA', // RFC 5464
  'LIST-METADATA', // RFC 9590
  'SPECIAL-USE', 'CREATE-SPECIAL-USE', // RFC 6154
  'STATUS=SIZE', // RFC 8438
  'OBJECTID', // RFC 8474
  'SAVEDATE', // RFC 8514
  'PREVIEW', // RFC 8970
];

/** `CAPABILITY IMAP4rev2 IMAP4rev1 …`, as a response and as a response code. */
export function capabilityCode(session: Session): string {
  return `CAPABILITY ${capabilities(session).join(' ')}`;
}

function capabilities(session: Session): readonly string[] {
  if (session.store) return [...CAPABILITIES, ...changingCapabilities(session)];
  return session.line.protection === 'startTls' ? UNPROTECTED_CAPABILITIES : STRANGER_CAPABILITIES;
}

/** Those that depend on the connection and the account. */
function changingCapabilities(session: Session): string[] {
  return [
    `APPENDLIMIT=${session.environment.limits.maxMessageBytes}`, // RFC 7889
    ...(session.line.isCompressed ? [] : ['COMPRESS=DEFLATE']), // RFC 4978
    ...(session.storageUsage ? ['QUOTA', 'QUOTA=RES-STORAGE'] : []), // RFC 9208
  ];
}
