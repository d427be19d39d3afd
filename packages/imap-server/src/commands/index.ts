// Every command the server knows. If you add one that brings a capability, also list that in ../capabilities.ts.

import type { Command } from '../command.js';
import { append } from './append.js';
import { authenticate } from './authenticate.js';
import { cancelUpdate } from './cancelupdate.js';
import { capability } from './capability.js';
import { check } from './check.js';
import { close } from './close.js';
import { compress } from './compress.js';
import { copy, uidCopy } from './copy.js';
import { create } from './create.js';
import { deleteMailbox } from './delete.js';
import { enable } from './enable.js';
import { expunge, uidExpunge } from './expunge.js';
import { fetch, uidFetch } from './fetch.js';
import { getMetadata } from './getmetadata.js';
import { id } from './id.js';
import { idle } from './idle.js';
import { list } from './list.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { lsub } from './lsub.js';
import { move, uidMove } from './move.js';
import { namespace } from './namespace.js';
import { noop } from './noop.js';
import { notify } from './notify.js';
import { getQuota, getQuotaRoot } from './quota.js';
import { rename } from './rename.js';
import { replace, uidReplace } from './replace.js';
import { search, uidSearch } from './search.js';
import { examine, select } from './select.js';
import { setMetadata } from './setmetadata.js';
import { sort, uidSort } from './sort.js';
import { startTls } from './starttls.js';
import { status } from './status.js';
import { store, uidStore } from './store.js';
import { subscribe, unsubscribe } from './subscribe.js';
import { thread, uidThread } from './thread.js';
import { unselect } from './unselect.js';

const ALL: readonly Command[] = [
  append, authenticate, cancelUpdate, capability, check, close, compress, copy, create, deleteMailbox, enable, examine, expunge,
  fetch, getMetadata, getQuota, getQuotaRoot, id, idle, list, login, logout, lsub, move, namespace, noop, notify, rename,
  replace, search, select, setMetadata, sort, startTls, status, store, subscribe, thread, uidCopy, uidExpunge, uidFetch, uidMove,
  uidReplace, uidSearch, uidSort, uidStore, uidThread, unselect, unsubscribe,
];

export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
