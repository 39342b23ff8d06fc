// Finds the markers of a sheet in a picture: what grading/sheet/markers.py does with OpenCV on the server, as much of it as
// the page with the camera needs to know where a sheet lies. Knows no page.

// As grading/sheet/black_squares.py prints them: the inner four by four of each, "#" is black
export const PATTERNS = [
  [".#..", "#.#.", "##..", "##.#"],
  ["####", "....", ".##.", ".#.#"],
  ["##..", "##..", "##.#", "..#."],
  [".##.", ".##.", "#.##", "#..#"],
];
const CELLS = 6; // modules of a side, with the black border
const SMALLEST = 12; // px of a side: two for a module
const LARGEST = 0.25; // of the picture's longer side
const DARKER = 7; // grey levels below what is around, as OpenCV has it
const LEAST_CONTRAST = 30; // grey levels between black and white of one marker
const WRONG_BORDER = 2; // of its 20 modules
const WRONG_INSIDE = 1; // of its 16 modules; any two of the four, however turned, differ in more than twice that
const BENT = 0.09; // of a side that the edge of a marker may lie beside the line between its corners

// One for all pictures of a size: what it reckons in is kept.
export class MarkerFinder {
  constructor(width, height) {
    Object.assign(this, { width, height, around: Math.max(6, Math.round(Math.max(width, height) / 64)) });
    this.grey = new Uint8Array(width * height);
    this.sums = new Uint32Array((width + 1) * (height + 1));
    const most = Math.ceil((width * height) / 8); // runs: text has a tenth of that
    this.runs = new Int32Array(3 * most);
    this.parents = new Int32Array(most);
  }

  // rgba: of ImageData. [{id, corners, contrast}]: corners of a marker are [x, y] in px, clockwise from its own top left.
  find(rgba) {
    this.read(rgba);
    return blobs(this)
      .map((blob) => this.marker(blob))
      .filter(Boolean);
  }

  // The picture in grey, and the sums of all that is above and left of each px.
  read(rgba) {
    const { width, height, grey, sums } = this;
    for (let y = 0, at = 0; y < height; y++) {
      let row = 0;
      const line = (y + 1) * (width + 1);
      for (let x = 0; x < width; x++, at++) {
        const place = at * 4;
        const level = (77 * rgba[place] + 150 * rgba[place + 1] + 29 * rgba[place + 2]) >> 8;
        grey[at] = level;
        row += level;
        sums[line + x + 1] = sums[line + x - width] + row;
      }
    }
  }

  marker(blob) {
    const corners = cornersOf(blob.points);
    if (!corners) return null;
    const levels = this.levels(corners);
    const contrast = Math.max(...levels) - Math.min(...levels);
    if (contrast < LEAST_CONTRAST) return null;
    const middle = (Math.max(...levels) + Math.min(...levels)) / 2;
    const known = decode(levels.map((level) => level < middle));
    if (!known) return null;
    const turned = corners.map((_corner, index) => corners[(index + known.turns) % 4]);
    return { id: known.id, corners: turned, contrast };
  }

  // The mean grey in the middle of each module, row by row.
  levels(corners) {
    const toPicture = fromSquare(corners);
    const levels = [];
    for (let cell = 0; cell < CELLS * CELLS; cell++) {
      const [u, v] = [cell % CELLS, Math.floor(cell / CELLS)];
      let sum = 0;
      for (const [du, dv] of [
        [0.5, 0.5],
        [0.3, 0.3],
        [0.7, 0.3],
        [0.3, 0.7],
        [0.7, 0.7],
      ])
        sum += this.at(toPicture((u + du) / CELLS, (v + dv) / CELLS));
      levels.push(sum / 5);
    }
    return levels;
  }

  at([x, y]) {
    const column = Math.min(Math.max(Math.floor(x), 0), this.width - 1);
    return this.grey[Math.min(Math.max(Math.floor(y), 0), this.height - 1) * this.width + column];
  }
}

// What is darker than its surroundings and hangs together, of the size of a marker: [{points}], the ends of its rows.
function blobs(picture) {
  const { runs, parents, count } = labelled(picture);
  const found = new Map();
  for (let run = 0; run < count; run++) {
    const root = rootOf(parents, run);
    const [y, from, to] = [runs[3 * run], runs[3 * run + 1], runs[3 * run + 2]];
    let blob = found.get(root);
    if (!blob) {
      blob = { left: from, right: to, top: y, bottom: y, dark: 0, runs: [] };
      found.set(root, blob);
    }
    if (from < blob.left) blob.left = from;
    if (to > blob.right) blob.right = to;
    blob.bottom = y + 1;
    blob.dark += to - from;
    blob.runs.push(run);
  }
  const most = LARGEST * Math.max(picture.width, picture.height);
  return [...found.values()]
    .filter((blob) => isOfSize(blob, most))
    .map((blob) => ({ points: blob.runs.flatMap((run) => endsOf(runs, run)) }));
}

function isOfSize({ left, right, top, bottom, dark }, most) {
  const [width, height] = [right - left, bottom - top];
  if (Math.min(width, height) < SMALLEST || Math.max(width, height) > most) return false;
  return Math.max(width, height) < 2.5 * Math.min(width, height) && dark > 0.25 * width * height;
}

function endsOf(runs, run) {
  const [y, from, to] = [runs[3 * run], runs[3 * run + 1], runs[3 * run + 2]];
  return [
    [from, y],
    [to, y],
    [from, y + 1],
    [to, y + 1],
  ];
}

// runs: y, from, to (behind it) of each dark run, row by row; parents: which belong together, also across corners.
function labelled(picture) {
  const { width, height, runs, parents } = picture;
  let [above, count] = [0, 0]; // the first run of the row above; all so far
  for (let y = 0; y < height; y++) {
    const here = count;
    count = runsOfRow(picture, y, count);
    let next = above;
    for (let run = here; run < count; run++) {
      const [from, to] = [runs[3 * run + 1], runs[3 * run + 2]];
      while (next < here && runs[3 * next + 2] < from) next++;
      for (let other = next; other < here && runs[3 * other + 1] <= to; other++) join(parents, run, other);
    }
    above = here;
    if (count + width > parents.length) break; // noise, and no sheet
  }
  return { runs, parents, count };
}

// Writes the dark runs of a row behind the `count` that are there; answers how many there are then.
function runsOfRow({ width, height, grey, sums, around, runs, parents }, y, count) {
  const top = Math.max(0, y - around);
  const bottom = Math.min(height, y + around + 1);
  const [upper, lower, row] = [top * (width + 1), bottom * (width + 1), y * width];
  let from = -1;
  for (let x = 0; x < width; x++) {
    const left = x > around ? x - around : 0;
    const right = x + around < width ? x + around + 1 : width;
    const sum = sums[lower + right] - sums[lower + left] - sums[upper + right] + sums[upper + left];
    if ((grey[row + x] + DARKER) * (bottom - top) * (right - left) < sum) {
      if (from < 0) from = x;
    } else if (from >= 0) {
      count = addRun(runs, parents, count, y, from, x);
      from = -1;
    }
  }
  return from < 0 ? count : addRun(runs, parents, count, y, from, width);
}

function addRun(runs, parents, count, y, from, to) {
  runs[3 * count] = y;
  runs[3 * count + 1] = from;
  runs[3 * count + 2] = to;
  parents[count] = count;
  return count + 1;
}

function rootOf(parents, run) {
  let root = run;
  while (parents[root] !== root) root = parents[root] = parents[parents[root]];
  return root;
}

function join(parents, one, other) {
  const [first, second] = [rootOf(parents, one), rootOf(parents, other)];
  parents[Math.max(first, second)] = Math.min(first, second);
}

// The four corners of what is a quadrangle, clockwise; null where it is none.
function cornersOf(points) {
  const centre = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const first = farthest(points, (point) => distance(point, centre));
  const third = farthest(points, (point) => distance(point, first));
  const second = farthest(points, (point) => -side(first, third, point));
  const fourth = farthest(points, (point) => side(first, third, point));
  const corners = [first, second, third, fourth];
  const sides = corners.map((corner, index) => distance(corner, corners[(index + 1) % 4]));
  if (Math.min(...sides) < SMALLEST * 0.6 || Math.max(...sides) > 2.5 * Math.min(...sides)) return null;
  const reach = Math.max(1.5, BENT * Math.max(...sides));
  const isInside = (point) =>
    corners.every((corner, index) => side(corner, corners[(index + 1) % 4], point) > -reach);
  return points.every(isInside) ? corners : null;
}

function farthest(points, measure) {
  let [best, most] = [points[0], Number.NEGATIVE_INFINITY];
  for (const point of points) {
    const measured = measure(point);
    if (measured > most) [best, most] = [point, measured];
  }
  return best;
}

export function distance([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY);
}

// px that a point lies right of the way from one to the other, as the picture is seen (y grows downwards).
function side(from, to, point) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return (dx * (point[1] - from[1]) - dy * (point[0] - from[0])) / Math.hypot(dx, dy);
}

// From a square of side 1 into a quadrangle (Heckbert 1989, 2.2.3): (u, v) => [x, y].
export function fromSquare([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]) {
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dx2, dy1, dy2] = [x1 - x2, x3 - x2, y1 - y2, y3 - y2];
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / whole;
  const h = (dx1 * sy - sx * dy1) / whole;
  const [a, b] = [x1 - x0 + g * x1, x3 - x0 + h * x3];
  const [d, e] = [y1 - y0 + g * y1, y3 - y0 + h * y3];
  return (u, v) => {
    const depth = g * u + h * v + 1;
    return [(a * u + b * v + x0) / depth, (d * u + e * v + y0) / depth];
  };
}

// black: of each module, row by row. {id, turns}: by which corner it begins; null where it is no marker of ours.
function decode(black) {
  const isInside = (index) =>
    [Math.floor(index / CELLS), index % CELLS].every((one) => one > 0 && one < CELLS - 1);
  const wrong = black.filter((isBlack, index) => !isInside(index) && !isBlack).length;
  if (wrong > WRONG_BORDER) return null;
  for (const [id, rows] of PATTERNS.entries())
    for (let turns = 0; turns < 4; turns++) {
      let off = 0;
      for (let row = 0; row < 4; row++)
        for (let column = 0; column < 4; column++) {
          const [r, c] = turnedBack(row + 1, column + 1, turns);
          off += (rows[row][column] === "#") !== black[r * CELLS + c];
        }
      if (off <= WRONG_INSIDE) return { id, turns };
    }
  return null;
}

// Where a module of a marker lies in a grid that begins so many corners before the marker's own first one.
function turnedBack(row, column, turns) {
  let place = [row, column];
  for (let turn = 0; turn < turns; turn++) place = [place[1], CELLS - 1 - place[0]];
  return place;
}
