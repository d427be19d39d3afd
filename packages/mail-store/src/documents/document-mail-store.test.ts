import { temporaryDirectory } from '@paloma/test-kit';
import { runMailStoreContract } from '../contract/index.js';
import { openExampleStore } from './example-store.js';

const directory = temporaryDirectory();

runMailStoreContract('document', async () => openExampleStore(directory));
