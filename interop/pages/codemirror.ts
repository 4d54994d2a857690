import { codeMirror } from '../examples/codemirror.ts';
import { serverUrl, user } from './query.ts';

codeMirror(document.body, serverUrl, 'code', user);
