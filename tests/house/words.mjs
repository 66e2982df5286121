// Bare words a user would see, found in the syntax tree of Svelte and TypeScript files. Prints [{file, line, text}, …].
import { readFileSync } from 'node:fs';
import { parse } from 'svelte/compiler';

const VISIBLE = new Set(['alt', 'aria-description', 'aria-label', 'aria-placeholder', 'aria-roledescription',
  'aria-valuetext', 'label', 'placeholder', 'title']);
const SHOWN = new Set(['alt', 'ariaLabel', 'innerHTML', 'innerText', 'placeholder', 'textContent', 'title']);
const ASKING = new Set(['alert', 'confirm', 'prompt']);
const QUIET = new Set(['code', 'kbd', 'script', 'style']); // keys and codes are written the same in every language
const OWN_NAMES = new Set(['English', '中文', 'Mingtang', '明堂']); // a language names itself in itself, and so do we
const aKey = /^[A-Z]$/; // written beside its act, the same in every language
const address = /^\/[\w/]*$/;

const letters = /\p{L}/u;
const sentence = /\p{Script=Han}|^\p{Lu}\p{Ll}*\s+\p{L}/u;
const found = [];

function scan(file) {
  const source = readFileSync(file, 'utf-8');
  const markup = file.endsWith('.svelte') ? source : `<script lang="ts">${source}</script>`;
  const tell = (node, text) => {
    const plain = String(text).trim();
    if (!plain || OWN_NAMES.has(plain) || address.test(plain) || aKey.test(plain)) return;
    found.push({ file, line: markup.slice(0, node.start).split('\n').length, text: plain });
  };
  walk(parse(markup, { modern: true, filename: file }), tell);
}

function walk(node, tell) {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, tell));
  if (!node || typeof node.type !== 'string') return Object.values(node ?? {}).forEach((one) => one && typeof one === 'object' && walk(one, tell));
  if (node.type === 'RegularElement' && QUIET.has(node.name)) return;
  look[node.type]?.(node, tell);
  for (const [key, child] of Object.entries(node)) {
    if (child && typeof child === 'object' && key !== 'metadata' && key !== 'parent') walk(child, tell);
  }
}

const look = {
  Fragment(node, tell) {
    for (const child of node.nodes) {
      if (child.type === 'Text' && letters.test(child.data)) tell(child, child.data);
      if (child.type === 'ExpressionTag') shown(child.expression, tell);
    }
  },
  RegularElement: (node, tell) => attributes(node, tell, (name) => VISIBLE.has(name), letters),
  Component: (node, tell) => attributes(node, tell, (name) => name !== 'class', sentence),
  Literal(node, tell) {
    if (typeof node.value === 'string' && /\p{Script=Han}/u.test(node.value)) tell(node, node.value);
  },
  AssignmentExpression(node, tell) {
    if (node.left.type === 'MemberExpression' && SHOWN.has(node.left.property.name)) shown(node.right, tell);
  },
  CallExpression(node, tell) {
    const [first, second] = node.arguments;
    if (ASKING.has(node.callee.name ?? node.callee.property?.name) && first) shown(first, tell);
    if (node.callee.property?.name === 'setAttribute' && VISIBLE.has(first?.value)) shown(second, tell);
  },
};

function attributes(node, tell, wanted, pattern) {
  for (const attribute of node.attributes) {
    if (attribute.type !== 'Attribute' || !wanted(attribute.name) || attribute.value === true) continue;
    for (const value of [attribute.value].flat()) {
      if (value.type === 'Text' && pattern.test(value.data)) tell(value, value.data);
      if (value.type === 'ExpressionTag') shown(value.expression, tell, pattern);
    }
  }
}

// An expression's value is seen: what literals can it be?
function shown(node, tell, pattern = letters) {
  const each = (...nodes) => nodes.forEach((one) => shown(one, tell, pattern));
  if (node.type === 'Literal' && typeof node.value === 'string' && pattern.test(node.value)) tell(node, node.value);
  if (node.type === 'TemplateLiteral') {
    for (const quasi of node.quasis) if (pattern.test(quasi.value.cooked)) tell(quasi, quasi.value.cooked);
    each(...node.expressions);
  }
  if (node.type === 'ConditionalExpression') each(node.consequent, node.alternate);
  if (node.type === 'LogicalExpression') each(node.left, node.right);
  if (node.type === 'BinaryExpression' && node.operator === '+') each(node.left, node.right);
}

for (const file of process.argv.slice(2)) scan(file);
process.stdout.write(JSON.stringify(found));
