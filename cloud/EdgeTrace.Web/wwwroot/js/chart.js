// Draws with Apache ECharts, fetched from this server when the first chart is shown. Charts/Chart.razor is the other half.
// Times here are ms since 1970; the chart is given the site's wall clock of the period's end (shift) and told that this is UTC.

let library;
const load = () => library ??= new Promise((done, failed) => {
  const script = document.createElement('script');
  script.src = 'lib/echarts/echarts.common.min.js';
  script.onload = () => done(window.echarts);
  script.onerror = failed;
  document.head.append(script);
});

// Asked for before the figures are: the script and they come side by side.
export const prepare = () => { load(); };

const lookDelay = 150; // a wheel turns many times before it rests
const visibleMin = 10000; // finer than any probe's rhythm
const charts = new Map();
const decimal = value => value == null ? '–' : value.toFixed(1).replace('-', '\u2212');
const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--et-${name}`).trim();

export async function draw(box, listener, picture) {
  const echarts = await load();
  if (!box.isConnected) return;
  let held = charts.get(box);
  if (!held) {
    const chart = echarts.init(box, null, { renderer: 'canvas', useCoarsePointer: true });
    held = { box, chart, listener, sized: new ResizeObserver(() => box.clientWidth && chart.resize()), themed: new MutationObserver(() => paint(held)) };
    held.sized.observe(box);
    held.themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    held.keyed = event => key(held, event);
    // As large as css/pages.css leaves room for on paper: the page is told of printing before it is laid out for it.
    held.printed = () => { chart.resize({ width: 680, height: 250 }); chart.getZr().flush(); };
    held.back = () => chart.resize({ width: 'auto', height: 'auto' });
    box.addEventListener('keydown', held.keyed);
    // Without the focus the wheel is the page's.
    box.addEventListener('focus', () => chart.setOption({ dataZoom: [{ zoomOnMouseWheel: true }] }));
    box.addEventListener('blur', () => chart.setOption({ dataZoom: [{ zoomOnMouseWheel: 'ctrl' }] }));
    addEventListener('beforeprint', held.printed);
    addEventListener('afterprint', held.back);
    // For whoever measures: when the newest figures were on the screen.
    chart.on('rendered', () => { if (held.fresh) { held.fresh = false; box.dataset.drawn = performance.now().toFixed(1); } });
    chart.on('datazoom', event => zoomed(held, event.batch?.[0] ?? event));
    charts.set(box, held);
  }
  const before = held.data;
  held.data = picture;
  const whole = [picture.from, picture.to];
  if (!before || before.key !== picture.key || !held.view) held.view = whole;
  else if (held.view[0] <= before.from && held.view[1] >= before.to) held.view = whole;
  else if (picture.to !== before.to && before.to - held.view[1] < (held.view[1] - held.view[0]) / 50) {
    // The right edge is now, and goes on with it.
    held.view = within(held, held.view[0] + picture.to - before.to, picture.to);
    look(held);
  }
  if (before?.key !== picture.key) held.touched = false;
  // A record that is younger than half the period is shown from its beginning, until somebody moves.
  if (!held.touched && picture.begins > picture.from && picture.begins < picture.to && picture.to - picture.begins < (picture.to - picture.from) / 2) {
    held.view = within(held, picture.begins, picture.to);
    if (held.looked !== held.view.join()) look(held);
  }
  held.fresh = true;
  paint(held);
}

export const reset = box => { const held = charts.get(box); if (held) show(held, held.data.from, held.data.to); };

// Somebody wants to see this stretch.
export const see = (box, from, to) => { const held = charts.get(box); if (held) show(held, from, to); };

export function png(box, title, file) {
  const held = charts.get(box);
  if (!held) return;
  held.chart.setOption({ title: { text: title, left: 8, top: 2, textStyle: { fontFamily: 'inherit', fontSize: 13, color: token('ink') } }, grid: grids(held, 24) });
  save(held.chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: token('surface') }), file);
  held.chart.setOption({ title: { text: '' }, grid: grids(held, 0) });
}

export function dispose(box) {
  const held = charts.get(box);
  if (!held) return;
  clearTimeout(held.looking);
  removeEventListener('beforeprint', held.printed);
  removeEventListener('afterprint', held.back);
  held.sized.disconnect();
  held.themed.disconnect();
  held.chart.dispose();
  charts.delete(box);
}

function save(href, name) {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

function within({ data }, from, to) {
  const width = Math.min(data.to - data.from, Math.max(to - from, visibleMin));
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(data.from, width > to - from ? middle - width / 2 : from), data.to - width);
  return [start, start + width];
}

function show(held, from, to) {
  held.touched = true;
  held.view = within(held, from, to);
  paint(held);
  look(held);
}

function zoomed(held, { start, end }) {
  const { from, to } = held.data;
  held.touched = true;
  held.view = within(held, from + (to - from) * start / 100, from + (to - from) * end / 100);
  const [a, b] = held.painted;
  const width = held.view[1] - held.view[0];
  // Beyond what was drawn, or so near that what was drawn is far too long for a canvas.
  if (held.view[0] < a || held.view[1] > b || width * 8 < b - a) requestAnimationFrame(() => charts.has(held.box) && paint(held));
  look(held);
}

function look(held) {
  clearTimeout(held.looking);
  held.looking = setTimeout(() => {
    paint(held);
    held.looked = held.view.join();
    held.listener.invokeMethodAsync('Looked', held.view[0], held.view[1], held.box.clientWidth);
  }, lookDelay);
}

function key(held, event) {
  const [from, to] = held.view;
  const width = to - from;
  const go = (start, end) => { event.preventDefault(); show(held, start, end); };
  if (event.key === 'ArrowLeft') go(Math.max(held.data.from, from - width / 5), Math.max(held.data.from + width, to - width / 5));
  else if (event.key === 'ArrowRight') go(Math.min(held.data.to - width, from + width / 5), Math.min(held.data.to, to + width / 5));
  else if (event.key === '+' || event.key === '=') go(from + width / 4, to - width / 4);
  else if (event.key === '-') go(from - width / 2, to + width / 2);
  else if (event.key === '0' || event.key === 'Home') go(held.data.from, held.data.to);
  else if (event.key === 'End') go(held.data.to - width, held.data.to);
}

// The first index at or after a time.
function indexOf(at, time) {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

const clocks = new Map();
function clock(zone, parts) {
  const name = zone + JSON.stringify(parts);
  if (!clocks.has(name)) clocks.set(name, new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...parts }));
  return clocks.get(name);
}
const hour = 3600000;
const day = 24 * hour;

// A tick of the axis in the site's own zone. A date may be an hour off where summer time has changed since, so it is rounded to the day it means.
function tick(time, { zone, shift }, width) {
  const at = time - shift;
  const text = (parts, when = at) => clock(zone, parts).format(when);
  if (time % day !== 0 && width < 40 * day) return text(width < 10 * 60000 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { hour: '2-digit', minute: '2-digit' });
  const date = text({ day: 'numeric' }, at + 2 * hour);
  if (width < 100 * day) return text({ day: 'numeric', month: 'short' }, at + 2 * hour);
  return date !== '1' ? text({ day: 'numeric', month: 'short' }, at + 2 * hour) : text({ month: 'short', year: 'numeric' }, at + 2 * hour);
}

function grids(held, below) {
  const size = held.font.fontSize;
  const lanes = held.data.doors ? 2 : 1;
  const [left, right] = [size * 4.2, size * 1.5];
  return [{ left, right, top: below + 8 + lanes * size * 1.5 + size * 1.6, bottom: size * 2.4 }, { left, right, top: below + 8, height: lanes * size * 1.5 }];
}

function limitsAt(limits, time) {
  for (let i = limits.length - 1; i > 0; i--) if (limits[i].from <= time) return limits[i];
  return limits[0] ?? { low: null, high: null };
}

function paint(held) {
  const { chart, data, view } = held;
  const { name, from, to, shift, limits } = data;
  const width = view[1] - view[0];
  // A year of line around ten seconds of picture would be millions of pixels long: only what is near is handed on.
  held.painted = [view[0] - width, view[1] + width];
  const [first, last] = [Math.max(0, indexOf(data.at, held.painted[0]) - 1), Math.min(data.at.length, indexOf(data.at, held.painted[1]) + 1)];
  const [at, min, mean, max] = [data.at, data.min, data.mean, data.max].map(list => list.slice(first, last));
  const x = time => time + shift;
  const clip = span => ({ ...span, from: Math.max(span.from, held.painted[0]), to: Math.min(span.to, held.painted[1]) });
  const near = spans => spans.filter(span => span.to >= held.painted[0] && span.from <= held.painted[1]).map(clip);
  const seen = at.map((time, i) => [time, min[i], max[i]]).filter(([time]) => time >= view[0] - width * 0.02 && time <= view[1]);
  const known = seen.flatMap(([, low, high]) => low == null ? [] : [low, high]);
  const bands = near(limits);
  const bounds = near(limits).filter(band => band.to > view[0] && band.from < view[1]).flatMap(band => [band.low, band.high]).filter(value => value != null);
  const all = [...known, ...bounds].length ? [...known, ...bounds] : [0, 10];
  const [bottom, top] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max(0.5, (top - bottom) * 0.07);
  held.font = { fontFamily: getComputedStyle(document.body).fontFamily, color: token('muted'), fontSize: 12 * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) };
  const font = held.font;
  const alone = i => mean[i] != null && (i === 0 || mean[i - 1] == null) && (i + 1 === mean.length || mean[i + 1] == null);
  const line = (values, more) => ({ type: 'line', data: at.map((time, i) => [x(time), values[i]]), symbol: 'none', connectNulls: false, silent: true, tooltip: { show: false }, ...more });
  const stack = (id, base, extent, area) => [
    line(base, { id: `${id}-base`, lineStyle: { opacity: 0 }, stack: id, stackStrategy: 'all' }),
    line(extent, { id, lineStyle: { opacity: 0 }, stack: id, stackStrategy: 'all', areaStyle: area }),
  ];
  const bound = at.map(time => limitsAt(limits, time));
  const isAbove = i => max[i] != null && bound[i].high != null && max[i] > bound[i].high;
  const isBelow = i => min[i] != null && bound[i].low != null && min[i] < bound[i].low;
  const pick = (test, value) => at.map((_, i) => test(i) ? value(i) : null);
  const outside = at.map((_, i) => isAbove(i) ? max[i] : isBelow(i) ? min[i] : null);
  const lonely = i => outside[i] != null && outside[i - 1] == null && outside[i + 1] == null;
  const anyOutside = outside.some(value => value != null);
  // A value between two gaps would be invisible as a line.
  const dots = (id, data, color) => ({ id, type: 'scatter', data, symbolSize: 4, silent: true, tooltip: { show: false }, itemStyle: { color: token(color) } });
  const gaps = [];
  for (let i = 0; i < at.length; i++)
    if (mean[i] == null && (i === 0 || mean[i - 1] != null)) {
      let end = i;
      while (end + 1 < at.length && mean[end + 1] == null) end++;
      if (at[i] >= data.begins) gaps.push({ from: at[i], to: Math.min(at[end + 1] ?? to, to) });
    }
  const pixel = width / Math.max(200, held.box.clientWidth - 80);
  const laneSpan = (spans, lane) => spans.flatMap(span => [[x(span.from), lane], [x(Math.max(span.to, span.from + 2 * pixel)), lane], [null, null]]);
  const lanes = data.doors ? ['door', 'alarms'] : ['alarms'];
  const lane = (id, where, spans, color, size) => ({ id, type: 'line', xAxisIndex: 1, yAxisIndex: 1, data: laneSpan(near(spans), where), symbol: 'none', connectNulls: false, silent: true, tooltip: { show: false }, lineStyle: { color, width: size, cap: 'butt' } });
  const of = severity => data.episodes.filter(each => each.severity === severity);
  const started = near(data.episodes).filter(each => each.from > held.painted[0]);
  chart.setOption({
    animation: false, // a chart that redraws every ten seconds must not dance
    useUTC: true,
    textStyle: font,
    grid: grids(held, 0),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [
      { type: 'time', min: x(from), max: x(to), axisLine: { onZero: false, lineStyle: { color: token('line-strong') } }, axisLabel: { ...font, hideOverlap: true, formatter: value => tick(value, data, width) }, splitLine: { show: false } },
      { type: 'time', gridIndex: 1, min: x(from), max: x(to), show: false, axisPointer: { show: false } },
    ],
    yAxis: [
      {
        type: 'value', name: '°C', nameTextStyle: { ...font, align: 'right', padding: [0, 6, 0, 0] }, nameGap: 8, min: Math.floor((bottom - margin) * 2) / 2, max: Math.ceil((top + margin) * 2) / 2,
        axisLabel: { ...font, showMinLabel: false, showMaxLabel: false, formatter: value => String(value).replace('-', '\u2212') }, splitLine: { lineStyle: { color: token('line') } },
      },
      { type: 'category', gridIndex: 1, data: lanes, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...font, interval: 0 }, splitLine: { show: false } },
    ],
    tooltip: {
      trigger: 'axis', confine: true, backgroundColor: token('raised'), borderColor: token('line-strong'), textStyle: { ...font, color: token('ink') }, extraCssText: 'max-width: 22rem; white-space: normal',
      axisPointer: { type: 'cross', label: { show: false }, lineStyle: { color: token('faint') }, crossStyle: { color: token('faint') } },
      formatter: points => words(held, points[0].axisValue - shift),
    },
    dataZoom: [{ type: 'inside', xAxisIndex: [0, 1], filterMode: 'none', zoomOnMouseWheel: document.activeElement === held.box ? true : 'ctrl', startValue: x(view[0]), endValue: x(view[1]), minValueSpan: visibleMin }],
    series: [
      ...stack('range', min, at.map((_, i) => max[i] == null ? null : max[i] - min[i]), { color: token('trace'), opacity: 0.2 }),
      ...!anyOutside ? [] : stack('above', pick(isAbove, i => bound[i].high), pick(isAbove, i => max[i] - bound[i].high), { color: token('alarm'), opacity: 0.35 }),
      ...!anyOutside ? [] : stack('below', pick(isBelow, i => min[i]), pick(isBelow, i => bound[i].low - min[i]), { color: token('alarm'), opacity: 0.35 }),
      {
        id: 'mean', name, type: 'line', data: at.map((time, i) => [x(time), mean[i]]), symbol: 'none', connectNulls: false, itemStyle: { color: token('trace') }, lineStyle: { color: token('trace'), width: 2 },
        markArea: { silent: true, data: [
          ...bands.filter(band => band.low != null).map(band => [{ xAxis: x(band.from), yAxis: band.low, itemStyle: { color: token('band'), opacity: 0.6 } }, { xAxis: x(band.to), yAxis: band.high }]),
          ...near(gaps).map(gap => [{ xAxis: x(gap.from), itemStyle: { color: token('unknown'), opacity: 0.14 } }, { xAxis: x(gap.to) }]),
          ...near(data.episodes.filter(each => each.shaded)).map(each => [{ xAxis: x(each.from), itemStyle: { color: token('alarm'), opacity: 0.08 } }, { xAxis: x(each.to) }]),
        ] },
        markLine: { silent: true, symbol: 'none', animation: false, label: { show: false }, lineStyle: { color: token('fine'), type: 'dashed', width: 1 }, data: bands.flatMap(band => [band.low, band.high].filter(value => value != null).map(value =>
          [{ coord: [x(band.from), value] }, { coord: [x(band.to), value] }])) },
      },
      ...anyOutside ? [line(outside, { id: 'outside', lineStyle: { color: token('alarm'), width: 2.5 } })] : [],
      dots('lone', at.flatMap((time, i) => alone(i) && outside[i] == null ? [[x(time), mean[i]]] : []), 'trace'),
      dots('lone-outside', at.flatMap((time, i) => lonely(i) ? [[x(time), outside[i]]] : []), 'alarm'),
      lane('doors', 'door', data.doors ?? [], token('note'), 8),
      lane('alarm-spans', 'alarms', of('alarm'), token('alarm-solid'), 5),
      lane('warning-spans', 'alarms', of('warning'), token('warning-line'), 5),
      { id: 'alarms', type: 'scatter', xAxisIndex: 1, yAxisIndex: 1, symbol: 'triangle', symbolSize: font.fontSize * 0.85, silent: true, tooltip: { show: false }, data: started.map(each => ({ value: [x(each.from), 'alarms'], itemStyle: { color: token(each.severity === 'alarm' ? 'alarm-solid' : 'warning-line') } })) },
    ],
  }, { replaceMerge: ['series'] });
}

const escaped = text => text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`);

// What is at a moment, for the crosshair.
function words(held, time) {
  const { data, view } = held;
  const { at, min, mean, max, zone, bucket } = data;
  const i = Math.max(0, Math.min(at.length - 1, indexOf(at, time + 1) - 1));
  const near = i + 1 < at.length && at[i + 1] - time < time - at[i] && bucket < 60000 ? i + 1 : i;
  const long = view[1] - view[0] > 2 * day;
  const shown = at.length ? at[near] : time;
  const when = clock(zone, { weekday: 'short', day: 'numeric', month: 'short', ...(long ? { year: 'numeric' } : {}), hour: '2-digit', minute: '2-digit', ...(long ? {} : { second: '2-digit' }), timeZoneName: 'short' }).format(shown);
  const value = at.length === 0 || mean[near] == null ? 'no reading'
    : min[near] === max[near] ? `<b>${decimal(mean[near])} °C</b>` : `<b>${decimal(mean[near])} °C</b> mean<br>${decimal(min[near])} to ${decimal(max[near])} °C`;
  const slack = (view[1] - view[0]) / 200;
  const sentences = data.episodes.filter(each => each.from - slack <= time && each.to + slack >= time).slice(0, 3).map(each => `<br>▲ ${escaped(each.words)}`);
  const door = (data.doors ?? []).some(each => each.from - slack <= time && each.to + slack >= time) ? '<br>door open' : '';
  return `${when}<br>${value}${door}${sentences.join('')}`;
}
