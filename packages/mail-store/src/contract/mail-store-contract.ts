// What every MailStore does, as the port says it. Each implementation runs this suite.

import { describe } from '@jest/globals';
import { runAnnotationContract } from './annotation-contract.js';
import { runAppendContract } from './append-contract.js';
import type { OpenSubject, WithStore } from './contract-subject.js';
import { runMailboxContract } from './mailbox-contract.js';
import { runOrderContract } from './order-contract.js';
import { runPersistenceContract } from './persistence-contract.js';
import { runQueryContract } from './query-contract.js';
import { runStateContract } from './state-contract.js';
import { runThreadContract } from './thread-contract.js';
import { runUpdateContract } from './update-contract.js';
import { runViewContract } from './view-contract.js';

/** Declares the tests; to be called at the top of a test file. */
export function runMailStoreContract(name: string, open: OpenSubject): void {
  const withStore: WithStore = (check) => async () => {
    const subject = await open();
    try {
      await check(subject.store);
    } finally {
      await subject.close();
    }
  };
  describe(`${name} mail store`, () => {
    runMailboxContract(withStore);
    runAppendContract(withStore);
    runUpdateContract(withStore);
    runViewContract(withStore);
    runStateContract(withStore);
    runThreadContract(withStore);
    runQueryContract(withStore);
    runOrderContract(withStore);
    runAnnotationContract(withStore);
    runPersistenceContract(open);
  });
}
