import { tiptap } from '../examples/tiptap.ts';
import { serverUrl, user } from './query.ts';

tiptap(document.body, serverUrl, 'letter', user);
