import * as Y from 'yjs';
import type { Random } from './random.ts';

const WORDS = ['a', 'bc', 'def ', '\n', 'é', '汉字', 'x'.repeat(40)];
const KEYS = ['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7'];

/** So that nested types are edited oftener than replaced. */
const NESTED_CHANCE = 0.15;

type Shared = Y.Text | Y.Map<unknown> | Y.Array<unknown> | Y.XmlFragment;

/** Makes one random change to any of a document's types, nested ones included, as one update. */
export function edit(doc: Y.Doc, random: Random): void {
  doc.transact(() => {
    const roots = [doc.getText('text'), doc.getMap('map'), doc.getArray('array'), doc.getXmlFragment('xml')];
    change(descend(random.pick<Shared>(roots), random), random);
  });
}

/** The type itself or, half the time, one somewhere inside it. */
function descend(type: Shared, random: Random): Shared {
  const inner = children(type);
  return inner.length > 0 && random.chance(0.5) ? descend(random.pick(inner), random) : type;
}

function children(type: Shared): Shared[] {
  const values = type instanceof Y.Map ? [...type.values()] : type instanceof Y.Text ? [] : type.toArray();
  return values.filter((value) => value instanceof Y.AbstractType) as Shared[];
}

function change(type: Shared, random: Random): void {
  if (type instanceof Y.Text) {
    changeText(type, random);
  } else if (type instanceof Y.Map) {
    changeMap(type, random);
  } else if (type instanceof Y.XmlFragment) {
    changeXml(type, random);
  } else {
    changeArray(type, random);
  }
}

function changeText(text: Y.Text, random: Random): void {
  const at = random.below(text.length + 1);
  const length = Math.min(random.below(8), text.length - at);
  if (length > 0 && random.chance(0.4)) {
    text.delete(at, length);
  } else if (length > 0 && random.chance(0.2)) {
    text.format(at, length, { bold: random.chance(0.5) ? true : null });
  } else if (random.chance(0.05)) {
    text.insertEmbed(at, { image: random.below(100) });
  } else {
    text.insert(at, random.pick(WORDS));
  }
}

function changeMap(map: Y.Map<unknown>, random: Random): void {
  const key = random.pick(KEYS);
  if (random.chance(0.2)) {
    map.delete(key);
  } else {
    map.set(key, value(random));
  }
}

function changeArray(array: Y.Array<unknown>, random: Random): void {
  const at = random.below(array.length + 1);
  const length = Math.min(random.below(4), array.length - at);
  if (length > 0 && random.chance(0.4)) {
    array.delete(at, length);
  } else {
    array.insert(
      at,
      Array.from({ length: 1 + random.below(3) }, () => value(random)),
    );
  }
}

function changeXml(parent: Y.XmlFragment, random: Random): void {
  const at = random.below(parent.length + 1);
  if (at < parent.length && random.chance(0.3)) {
    parent.delete(at, 1);
  } else if (parent instanceof Y.XmlElement && random.chance(0.3)) {
    parent.setAttribute(random.pick(KEYS), String(random.below(100)));
  } else {
    const text = new Y.XmlText(random.pick(WORDS));
    parent.insert(at, [random.chance(0.5) ? text : new Y.XmlElement('paragraph')]);
  }
}

function value(random: Random): unknown {
  if (random.chance(NESTED_CHANCE)) {
    return random.pick([
      () => new Y.Text(random.pick(WORDS)),
      () => new Y.Map([['k0', random.below(100)]]),
      () => Y.Array.from([random.below(100)]),
    ])();
  }
  return random.pick<unknown>([
    random.below(1000),
    random.fraction(),
    -1 - random.below(1000),
    random.pick(WORDS),
    random.chance(0.5),
    null,
    { deep: [random.below(9)] },
    new Uint8Array([1, 2, random.below(256)]),
  ]);
}
