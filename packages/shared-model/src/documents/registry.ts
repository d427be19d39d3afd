// Every document type: its schema, the version this program writes, and the class in which a new device receives it.
// If you change a schema: raise its version, add a fixture of the old one and a migration test.
// Those here are a mail program's; another program adds its own (`defineDocumentType`).

import type { z } from 'zod';
import { annotationsDocument } from './annotations.js';
import { deviceDocument, mailAppPasswordDocument, quarantineItemDocument } from './account.js';
import { DOCUMENT_CLASSES, type DocumentClass } from './document.js';
import { emailDocument } from './email.js';
import { certificateDocument, secretKeyDocument, trustDocument } from './keys.js';
import { mailboxDocument } from './mailbox.js';
import { messageContentDocument, messageDocument } from './message.js';
import { replicaHeadDocument } from './replica-head.js';
import { deliveryReportDocument, identityDocument, submissionDocument } from './submission.js';
import { ModelError } from '../errors/model-error.js';

export interface DocumentTypeEntry<Content = unknown> {
  readonly schema: z.ZodType<Content>;
  readonly schemaVersion: number;
  readonly documentClass: DocumentClass;
  /** Immutable documents cannot conflict: the same id always has the same content. */
  readonly isImmutable: boolean;
}

/**
 * Document types of other programs than a mail program, by name; a program adds to it what it defines:
 * `declare module '@paloma/shared-model' { interface ApplicationDocuments { note: { text: string } } }`.
 */
export interface ApplicationDocuments {}

const { account, summary, content } = DOCUMENT_CLASSES;

const MAIL_DOCUMENT_TYPES = {
  mailbox: { schema: mailboxDocument, schemaVersion: 2, documentClass: account, isImmutable: false },
  identity: { schema: identityDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  'secret-key': { schema: secretKeyDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  certificate: { schema: certificateDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  trust: { schema: trustDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  'mail-app-password': { schema: mailAppPasswordDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  device: { schema: deviceDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  'quarantine-item': { schema: quarantineItemDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  annotations: { schema: annotationsDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  'replica-head': { schema: replicaHeadDocument, schemaVersion: 1, documentClass: account, isImmutable: false },
  email: { schema: emailDocument, schemaVersion: 1, documentClass: summary, isImmutable: false },
  message: { schema: messageDocument, schemaVersion: 1, documentClass: summary, isImmutable: true },
  submission: { schema: submissionDocument, schemaVersion: 3, documentClass: content, isImmutable: false },
  'delivery-report': { schema: deliveryReportDocument, schemaVersion: 1, documentClass: content, isImmutable: false },
  'message-content': { schema: messageContentDocument, schemaVersion: 1, documentClass: content, isImmutable: true },
} as const satisfies Record<string, DocumentTypeEntry>;

export const DOCUMENT_TYPES = { ...MAIL_DOCUMENT_TYPES } as typeof MAIL_DOCUMENT_TYPES & {
  readonly [T in keyof ApplicationDocuments]: DocumentTypeEntry<ApplicationDocuments[T]>;
};

export type DocumentType = keyof typeof DOCUMENT_TYPES;
export type ContentOf<T extends DocumentType> = z.infer<(typeof DOCUMENT_TYPES)[T]['schema']>;

export function isDocumentType(type: string): type is DocumentType {
  return Object.hasOwn(DOCUMENT_TYPES, type);
}

/**
 * Makes a type of `ApplicationDocuments` known, before a store is opened. All devices of an account must agree about it; those
 * that do not know it keep and sync its documents untouched. `type`: lower-case letters and hyphens, at most 32.
 * @throws {ModelError} "invalidDocument" for another form of name, or one that is taken
 */
export function defineDocumentType<T extends keyof ApplicationDocuments>(type: T, entry: DocumentTypeEntry<ApplicationDocuments[T]>): void {
  if (!/^[a-z][a-z-]{0,31}$/.test(type) || isDocumentType(type)) throw new ModelError('invalidDocument', 'not the name of a new document type');
  Object.assign(DOCUMENT_TYPES, { [type]: entry });
}

/** Checks the content of a document of a known type. @throws {ModelError} "invalidDocument" */
export function parseDocumentContent<T extends DocumentType>(type: T, content: unknown): ContentOf<T> {
  const result = DOCUMENT_TYPES[type].schema.safeParse(content);
  if (!result.success) throw new ModelError('invalidDocument', `content of a ${type} document breaks its schema at ${result.error.issues[0]?.path.join('.') ?? ''}`);
  return result.data as ContentOf<T>;
}
