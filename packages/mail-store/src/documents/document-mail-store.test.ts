import { temporaryDirectory } from '@paloma/test-kit';
import { runMailStoreContract } from '../contract/index.js';
import { openExampleStore } from '../testing/example-store.js';

const directory = temporaryDirectory();

runMailStoreContract('document', async () => openExampleStore(directory));
