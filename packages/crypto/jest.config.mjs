export { deviceJestConfig as default } from '../../jest.base.mjs';
