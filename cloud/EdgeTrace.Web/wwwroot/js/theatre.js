// A theatre's scans are taken wherever the focus is: in a field, on a button, in a dialog. A person's keys are left alone.
const keyGapMax = 60;   // ms between two keys; a wedge scanner needs 1 to 20, a fast typist 100
const codeMin = 6;
const codeMax = 400;
const echoMax = 200;    // some scanners end with CR and LF; an Enter after any other key is a person's

let taker = null;
let code = '';
let last = 0;
let endedAt = -Infinity;
let field = null;
let before = '';

export function take(desk) {
  if (!taker) document.addEventListener('keydown', hear, true);
  taker = desk;
}

export function leave() { taker = null; code = ''; }

// The first of these that is there.
export const focus = selectors => selectors.map(each => document.querySelector(each)).find(Boolean)?.focus();

function hear(event) {
  // While somebody signs in at this terminal the theatre is hidden, and their badge is the door's.
  if (!taker || event.isComposing || !document.querySelector('.theatre')?.offsetParent) return;
  const quick = event.timeStamp - last <= keyGapMax;
  if (event.key === 'Enter') {
    if (code.length >= codeMin && quick) end(event);
    else if (event.timeStamp - endedAt < echoMax) event.preventDefault();
    code = '';
    return;
  }
  endedAt = -Infinity;
  const isSeparator = event.ctrlKey && event.key === ']';
  if (!isSeparator && (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey)) return;
  if (!quick) {
    code = '';
    field = 'value' in event.target && event.target.tagName !== 'BUTTON' ? event.target : null;
    before = field?.value ?? '';
  }
  last = event.timeStamp;
  if (code.length < codeMax) code += isSeparator ? '\u001d' : event.key;
  // A space in a code must not press the button that has the focus.
  if (isSeparator || !field && quick) event.preventDefault();
}

function end(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  endedAt = event.timeStamp;
  if (field && field.value !== before) {
    field.value = before;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  taker.invokeMethodAsync('Scanned', code);
}
