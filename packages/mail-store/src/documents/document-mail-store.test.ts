import { temporaryDirectory } from '@paloma/test-kit';
import { runMailStoreContract } from '../contract/index.js';
import { openExampleStore } from '../test/example-store.js';

const directory = temporaryDirectory();

runMailStoreContract('document', async () => openExampleStore(directory));
