/**
 * What runs in a sheet's page. Plain script without anything beside it: the page is one file that works years
 * later, from a disk, without a network.
 */
export const VIEWER_SCRIPT = String.raw`
(() => {
  'use strict';
  const { rows } = JSON.parse(document.getElementById('live').textContent);
  const at = (id) => document.getElementById(id);
  const view = at('view'), canvas = at('canvas'), divider = at('divider');
  const context = canvas.getContext('2d');
  const state = { row: 0, left: 0, right: Math.min(1, rows[0].cells.length - 1), split: true, share: 0.5, zoom: 0, x: 0, y: 0, held: false };
  const pictures = new Map();
  const pictureOf = (url) => {
    if (!pictures.has(url)) {
      const picture = new Image();
      picture.onload = draw;
      picture.src = url;
      pictures.set(url, picture);
    }
    return pictures.get(url);
  };
  const cells = () => rows[state.row].cells;
  const isReady = (picture) => picture.complete && picture.naturalWidth > 0;

  function fit() {
    const first = pictureOf(cells()[0].url);
    if (!isReady(first)) return;
    const room = Math.min(view.clientWidth / first.naturalWidth, view.clientHeight / first.naturalHeight);
    state.zoom = room >= 1 ? Math.floor(room) : room;
    state.x = state.y = 0;
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1;
    const width = view.clientWidth, height = view.clientHeight;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const first = pictureOf(cells()[0].url);
    if (!isReady(first)) return;
    if (state.zoom === 0) fit();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.imageSmoothingEnabled = state.zoom < 1;
    const w = first.naturalWidth * state.zoom, h = first.naturalHeight * state.zoom;
    const x = Math.round((width - w) / 2 + state.x), y = Math.round((height - h) / 2 + state.y);
    const middle = Math.round(width * state.share);
    const paint = (cell, from, to) => {
      const picture = pictureOf(cell.url);
      if (!isReady(picture)) return;
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, height);
      context.clip();
      context.drawImage(picture, x, y, w, h);
      context.restore();
    };
    const left = cells()[state.held ? 0 : state.left], right = cells()[state.right];
    const isSplit = state.split && !state.held;
    paint(left, 0, isSplit ? middle : width);
    if (isSplit) paint(right, middle, width);
    const say = (cell) => cell.name + (cell.figures ? '  ' + cell.figures : '');
    at('tag-left').textContent = say(left);
    at('tag-right').textContent = say(right);
    at('tag-right').hidden = divider.hidden = !isSplit;
    divider.style.left = state.share * 100 + '%';
    divider.setAttribute('aria-valuenow', String(Math.round(state.share * 100)));
    at('zoom').textContent = '×' + Number(state.zoom.toFixed(2));
    at('left').value = String(state.left);
    at('right').value = String(state.right);
    at('row').value = String(state.row);
    at('split').setAttribute('aria-pressed', String(state.split));
  }

  function options(select, words) {
    select.replaceChildren(...words.map((word, k) => new Option(word, String(k))));
  }
  function choose(row) {
    state.row = row;
    state.zoom = 0;
    options(at('left'), cells().map(({ name }) => name));
    options(at('right'), cells().map(({ name }) => name));
    for (const { url } of cells()) pictureOf(url);
    draw();
  }
  function zoomBy(factor, px = view.clientWidth / 2, py = view.clientHeight / 2) {
    const to = Math.min(64, Math.max(0.1, factor > 1 ? Math.max(state.zoom * factor, Math.floor(state.zoom) + (state.zoom >= 1 ? 1 : 0)) : state.zoom * factor));
    const zoom = to >= 1 ? Math.round(to) : to;
    const ox = px - view.clientWidth / 2 - state.x, oy = py - view.clientHeight / 2 - state.y;
    state.x += ox - (ox * zoom) / state.zoom;
    state.y += oy - (oy * zoom) / state.zoom;
    state.zoom = zoom;
    draw();
  }

  options(at('row'), rows.map(({ says }) => says));
  at('row').onchange = (event) => choose(Number(event.target.value));
  at('left').onchange = (event) => { state.left = Number(event.target.value); draw(); };
  at('right').onchange = (event) => { state.right = Number(event.target.value); draw(); };
  at('split').onclick = () => { state.split = !state.split; draw(); };
  at('in').onclick = () => zoomBy(1.5);
  at('out').onclick = () => zoomBy(1 / 1.5);
  view.addEventListener('wheel', (event) => {
    event.preventDefault();
    const box = view.getBoundingClientRect();
    zoomBy(event.deltaY < 0 ? 1.25 : 0.8, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  let hand = null;
  view.addEventListener('pointerdown', (event) => {
    hand = { divides: event.target === divider, x: event.clientX, y: event.clientY };
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener('pointermove', (event) => {
    if (!hand) return;
    if (hand.divides) {
      const box = view.getBoundingClientRect();
      state.share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    } else {
      state.x += event.clientX - hand.x;
      state.y += event.clientY - hand.y;
      hand.x = event.clientX;
      hand.y = event.clientY;
    }
    draw();
  });
  for (const end of ['pointerup', 'pointercancel']) view.addEventListener(end, () => { hand = null; });

  addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = cells().length;
    const onDivider = event.target === divider;
    if (event.key >= '1' && event.key <= '9' && Number(event.key) <= count) {
      state.left = Number(event.key) - 1;
      state.split = false;
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const step = event.key === 'ArrowRight' ? 1 : -1;
      if (onDivider) state.share = Math.min(1, Math.max(0, state.share + step * 0.02));
      else state.left = (state.left + step + count) % count;
    } else if (event.key === '+' || event.key === '=') zoomBy(1.5);
    else if (event.key === '-') zoomBy(1 / 1.5);
    else if (event.key === '0') { state.zoom = 0; state.x = state.y = 0; }
    else if (event.key === 's' || event.key === 'S') state.split = !state.split;
    else if (event.key === 'o' || event.key === 'O') state.held = true;
    else return;
    event.preventDefault();
    draw();
  });
  addEventListener('keyup', (event) => {
    if (event.key !== 'o' && event.key !== 'O') return;
    state.held = false;
    draw();
  });
  addEventListener('resize', draw);
  choose(0);
})();
`;
