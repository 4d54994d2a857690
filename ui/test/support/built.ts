import { build } from 'vite';

/** Builds the page that the tests look at. */
export default async function setup(): Promise<void> {
  await build({ logLevel: 'warn' });
}
