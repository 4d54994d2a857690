/** What the address of a page says. */
function asked(name: string): string {
  return new URLSearchParams(location.search).get(name) ?? '';
}

export const serverUrl = asked('serverUrl');
export const user = { name: asked('user'), color: '#30A46C' };
